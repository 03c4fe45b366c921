import { aTelegramUser, FakeTelegram, loginWidgetQuery, tgAuthResultOf } from '.';

const authDate = new Date(1_760_000_000_999);
const user = aTelegramUser({ id: 7, photo_url: 'https://t.me/a.svg' });

function fieldsOf(raw: string): [string, string][] {
  return [...new URLSearchParams(raw)];
}

describe('FakeTelegram', () => {
  it('writes init data in the shape of the real one', () => {
    const telegram = new FakeTelegram();
    const fromLink = telegram.signInitData({ botToken: '1:A', user, authDate, startParam: 'x' });
    const fromMenu = telegram.signInitData({
      botToken: '1:A',
      user,
      authDate,
      queryId: 'q',
      extra: { z: '1' },
    });

    expect(fieldsOf(fromLink).map(([name]) => name)).toEqual([
      'user',
      'chat_instance',
      'chat_type',
      'start_param',
      'auth_date',
      'signature',
      'hash',
    ]);
    expect(fieldsOf(fromMenu).map(([name]) => name)).toEqual([
      'query_id',
      'user',
      'auth_date',
      'z',
      'signature',
      'hash',
    ]);
    expect(new URLSearchParams(fromLink).get('user')).toContain(String.raw`"https:\/\/t.me\/a.svg"`);
    expect(new URLSearchParams(fromLink).get('auth_date')).toBe('1760000000');
    expect(fromLink).toContain('%22%3A%22https%3A%5C%2F');
  });

  it('writes a login in the three forms of the widget', () => {
    const data = new FakeTelegram().signLoginWidget({ botToken: '1:A', user, authDate, extra: { z: '1' } });
    const { id, first_name, last_name, username, photo_url } = user;

    expect(data).toEqual({
      ...{ id, first_name, last_name, username, photo_url },
      auth_date: 1_760_000_000,
      z: '1',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(fieldsOf(loginWidgetQuery(data))).toEqual(
      Object.entries(data).map(([name, value]) => [name, String(value)]),
    );
    expect(tgAuthResultOf(data)).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(JSON.parse(Buffer.from(tgAuthResultOf(data), 'base64url').toString())).toEqual(data);
  });

  it('leaves out of a login what the person has not', () => {
    const nameOnly = { id: 7, first_name: 'Ada' };
    const data = new FakeTelegram().signLoginWidget({ botToken: '1:A', user: nameOnly, authDate });

    expect(Object.keys(data)).toEqual(['id', 'first_name', 'auth_date', 'hash']);
  });

  it('writes a contact as requestContact answers it', () => {
    const raw = new FakeTelegram().signContact({
      botToken: '1:A',
      userId: 7,
      phoneNumber: '+79001234567',
      firstName: 'Ada',
      authDate,
    });

    expect(fieldsOf(raw)).toEqual([
      ['contact', '{"user_id":7,"phone_number":"+79001234567","first_name":"Ada"}'],
      ['auth_date', '1760000000'],
      ['hash', expect.stringMatching(/^[0-9a-f]{64}$/)],
    ]);
  });
});
