import { readInitData } from './read-init-data';

const NOW = 1_760_000_000;
const USER = '{"id":1,"first_name":"a"}';
const policy = { now: new Date(NOW * 1000), maxAgeSeconds: 86_400 };

function read(fields: Record<string, string>, overrides: Partial<Parameters<typeof readInitData>[1]> = {}) {
  const authentic = { auth_date: NOW.toString(), user: USER, ...fields };
  return readInitData(new Map(Object.entries(authentic)), { ...policy, ...overrides });
}

function codeFor(authDate: string, overrides: Parameters<typeof read>[1] = {}): string {
  const result = read({ auth_date: authDate }, overrides);
  return result.ok ? 'accepted' : result.code;
}

describe('readInitData', () => {
  it('reads date, person and where the Mini App was opened', () => {
    const result = read({ start_param: 'x', query_id: 'q', chat_instance: '-1', chat_type: 'sender' });

    expect(result).toStrictEqual({
      ok: true,
      value: {
        authDate: new Date(NOW * 1000),
        user: { id: '1', firstName: 'a' },
        startParam: 'x',
        queryId: 'q',
        chatInstance: '-1',
        chatType: 'sender',
      },
    });
  });

  it('leaves out empty fields', () => {
    const result = read({ start_param: '', query_id: '', chat_instance: '', chat_type: '' });

    expect(result).toStrictEqual({
      ok: true,
      value: { authDate: new Date(NOW * 1000), user: { id: '1', firstName: 'a' } },
    });
  });

  it.each([
    ['the oldest', NOW - 86_400, 'accepted'],
    ['one second older', NOW - 86_401, 'init_data.auth_date_expired'],
    ['the newest', NOW + 60, 'accepted'],
    ['one second newer', NOW + 61, 'init_data.auth_date_in_future'],
  ])('bounds the date on both sides: %s', (_, date, code) => {
    expect(codeFor(date.toString())).toBe(code);
  });

  it.each([
    ['', 'init_data.auth_date_missing'],
    ['0', 'init_data.auth_date_malformed'],
    ['99999999', 'init_data.auth_date_malformed'],
    ['1.76e9', 'init_data.auth_date_malformed'],
    ['01760000000', 'init_data.auth_date_malformed'],
    [' 1760000000', 'init_data.auth_date_malformed'],
    ['1760000000abc', 'init_data.auth_date_malformed'],
    ['١٧٦٠٠٠٠٠٠٠', 'init_data.auth_date_malformed'],
    ['99999999999', 'init_data.auth_date_in_future'],
  ])('refuses the date %j', (date, code) => {
    expect(codeFor(date)).toBe(code);
  });

  it.each([NaN, Infinity, 0, -1, 1.5, 2 ** 53])(
    'throws for the limit %d, which would check nothing',
    (limit) => {
      expect(() => codeFor(NOW.toString(), { maxAgeSeconds: limit })).toThrow(RangeError);
    },
  );

  it('refuses fields without a person', () => {
    expect(read({ user: '' })).toEqual({ ok: false, code: 'init_data.user_missing' });
  });

  it('bounds the start parameter as Telegram does', () => {
    expect(read({ start_param: 'a'.repeat(512) }).ok).toBe(true);
    expect(read({ start_param: 'a'.repeat(513) })).toEqual({
      ok: false,
      code: 'init_data.start_param_malformed',
    });
  });
});
