import { createHash } from 'node:crypto';
import {
  aTelegramUser,
  FakeTelegram,
  loginWidgetQuery,
  signFields,
  tgAuthResultOf,
  type FakeWidgetLogin,
  type LoginWidgetData,
} from '@countersign/fake-telegram';
import { loginWidgetVectors } from '../../../testing/telegram/vectors';
import { deriveInitDataKey } from '../init-data/init-data-signatures';
import type { LoginWidgetInput } from './login-widget-fields';
import { verifyInitData } from '../init-data/verify-init-data';
import { deriveLoginWidgetKey, verifyLoginWidget, type LoginWidgetPolicy } from './verify-login-widget';

const BOT_TOKEN = '42:TEST';
const NOW = 1_760_000_000;
const authDate = new Date(NOW * 1000);
const user = aTelegramUser({ id: 279_058_397, first_name: 'Ada + Łukasz & =', last_name: '🦊 ?#%' });
const telegram = new FakeTelegram();

const forms: [form: string, write: (data: LoginWidgetData) => LoginWidgetInput][] = [
  ['object', (data) => ({ kind: 'object', data })],
  ['query', (data) => ({ kind: 'query', query: `?${loginWidgetQuery(data)}` })],
  ['tgAuthResult', (data) => ({ kind: 'tgAuthResult', tgAuthResult: tgAuthResultOf(data) })],
];

function signed(login: Partial<FakeWidgetLogin> = {}): LoginWidgetData {
  return telegram.signLoginWidget({ botToken: BOT_TOKEN, user, authDate, ...login });
}

function policy(overrides: Partial<LoginWidgetPolicy> = {}): LoginWidgetPolicy {
  return { keys: [deriveLoginWidgetKey(BOT_TOKEN)], now: authDate, maxAgeSeconds: 3600, ...overrides };
}

function codeFor(
  input: LoginWidgetInput | LoginWidgetData,
  overrides: Partial<LoginWidgetPolicy> = {},
): string {
  const isInput = (value: typeof input): value is LoginWidgetInput => 'kind' in value;
  const result = verifyLoginWidget(
    isInput(input) ? input : { kind: 'object', data: input },
    policy(overrides),
  );
  return result.ok ? 'accepted' : result.code;
}

function without(data: LoginWidgetData, name: string): LoginWidgetData {
  return Object.fromEntries(Object.entries(data).filter(([other]) => other !== name));
}

describe('deriveLoginWidgetKey', () => {
  it('is the SHA-256 of the token', () => {
    const expected = createHash('sha256').update(BOT_TOKEN).digest();

    expect(deriveLoginWidgetKey(BOT_TOKEN).export()).toEqual(expected);
  });

  it('refuses an empty token, whose key everybody knows', () => {
    expect(() => deriveLoginWidgetKey('')).toThrow(RangeError);
  });
});

describe.each(forms)('verifyLoginWidget, given the %s', (_, write) => {
  it.each(loginWidgetVectors)('finds $id $expected', ({ fields, bot_token, expected }) => {
    const wanted = { keys: [deriveLoginWidgetKey(bot_token)], maxAgeSeconds: null };

    expect(codeFor(write(fields), wanted) === 'accepted').toBe(expected === 'valid');
  });

  it('answers the person, the date and all that was signed in one order', () => {
    const data = signed({ extra: { zz_new: 'x' } });
    const { id, first_name, last_name, username, photo_url, auth_date } = data;

    expect(verifyLoginWidget(write(data), policy())).toStrictEqual({
      ok: true,
      value: {
        fields: Object.entries({
          auth_date,
          first_name,
          id,
          last_name,
          photo_url,
          username,
          zz_new: 'x',
        }).map(([name, value]) => [name, String(value)]),
        hash: Uint8Array.from(Buffer.from(String(data['hash']), 'hex')),
        authDate,
        user: {
          id: '279058397',
          firstName: user.first_name,
          lastName: user.last_name,
          username: user.username,
          photoUrl: user.photo_url,
        },
      },
    });
  });

  it('accepts somebody with a first name only, and leaves out what is empty', () => {
    const data = signed({ user: { id: 1, first_name: '', last_name: '' } });

    expect(verifyLoginWidget(write(data), policy())).toMatchObject({
      ok: true,
      value: { user: { id: '1', firstName: '' } },
    });
  });

  it.each(Object.keys(signed()))('refuses another %s, none, and an empty one', (name) => {
    const data = signed();
    const isMismatch = name === 'hash' ? 'login_widget.hash_missing' : 'login_widget.hash_mismatch';
    const other = name === 'hash' ? '0'.repeat(64) : `${data[name] ?? ''}0`;

    expect(codeFor(write({ ...data, [name]: other }))).toBe('login_widget.hash_mismatch');
    expect(codeFor(write({ ...data, [name]: '' }))).toBe(isMismatch);
    expect(codeFor(write(without(data, name)))).toBe(isMismatch);
  });

  it('covers fields that it does not know, and keeps them from the person (pitfall 4)', () => {
    const extra = { is_premium: 'true', id_type: 7 };
    const data = signed({ extra });
    const result = verifyLoginWidget(write(data), policy());

    expect(result.ok && Object.keys(result.value.user)).not.toContain('is_premium');
    expect(codeFor(write({ ...signed(), ...extra }))).toBe('login_widget.hash_mismatch');
    expect(codeFor(write(without(data, 'id_type')))).toBe('login_widget.hash_mismatch');
  });

  it.each([
    [NOW - 3600, 'accepted'],
    [NOW - 3601, 'login_widget.auth_date_expired'],
    [NOW + 60, 'accepted'],
    [NOW + 61, 'login_widget.auth_date_in_future'],
    [NOW * 1000, 'login_widget.auth_date_malformed'],
    ['1760000000abc', 'login_widget.auth_date_malformed'],
    ['01760000000', 'login_widget.auth_date_malformed'],
    ['1.76e9', 'login_widget.auth_date_malformed'],
    ['', 'login_widget.auth_date_missing'],
    [0, 'login_widget.auth_date_malformed'],
  ])('bounds the date on both sides and reads it strictly (pitfalls 11, 13): %s', (auth_date, code) => {
    expect(codeFor(write(signed({ extra: { auth_date } })))).toBe(code);
  });

  it.each(['0', '-1', '01', '1.0', '1e3', ' 1', '１', '9007199254740992', '9007199254740993', 'abc', ''])(
    'refuses the signed id %j (pitfall 18)',
    (id) => {
      expect(codeFor(write(signed({ extra: { id } })))).toBe('login_widget.user_id_invalid');
    },
  );

  it.each([
    ['first_name', 256],
    ['last_name', 256],
    ['username', 256],
    ['photo_url', 2048],
  ])('bounds the length of %s', (name, limit) => {
    expect(codeFor(write(signed({ extra: { [name]: 'a'.repeat(limit) } })))).toBe('accepted');
    expect(codeFor(write(signed({ extra: { [name]: 'a'.repeat(limit + 1) } })))).toBe(
      'login_widget.user_malformed',
    );
  });

  it('never takes the data of one door for that of another (pitfall 19)', () => {
    const fields: [string, string][] = Object.entries(without(signed(), 'hash')).map(([name, value]) => [
      name,
      String(value),
    ]);
    const asInitData = Object.fromEntries(new URLSearchParams(signFields(fields, BOT_TOKEN)));

    expect(codeFor(write(asInitData))).toBe('login_widget.hash_mismatch');
    expect(codeFor(write(asInitData), { keys: [deriveInitDataKey(BOT_TOKEN)] })).toBe('accepted');
  });
});

describe('verifyLoginWidget', () => {
  it('looks at date and person after the proof', () => {
    const late = { now: new Date(authDate.getTime() + 3_601_000) };
    const nameless = signed({ user: { id: 1, first_name: 'a' }, extra: { id: 'x' } });

    expect(codeFor(signed(), late)).toBe('login_widget.auth_date_expired');
    expect(codeFor(signed(), { ...late, maxAgeSeconds: null })).toBe('accepted');
    expect(codeFor(signed({ botToken: '43:X' }), late)).toBe('login_widget.hash_mismatch');
    expect(codeFor(nameless, late)).toBe('login_widget.auth_date_expired');
    expect(codeFor(nameless)).toBe('login_widget.user_id_invalid');
  });

  it('refuses a second person in tgAuthResult (pitfall 1)', () => {
    const json = Buffer.from(tgAuthResultOf(signed()), 'base64url').toString();
    const double = [json.replace('{', '{"id":999,'), json.replace(/\}$/, ',"id":999}')];

    for (const text of double) {
      const tgAuthResult = Buffer.from(text).toString('base64url');
      expect(codeFor({ kind: 'tgAuthResult', tgAuthResult })).toBe('login_widget.malformed');
    }
  });

  it('refuses fields merged by a line feed or by an equals sign, though the check string is the same (pitfall 2)', () => {
    const { first_name, last_name, ...rest } = signed();
    const merged = {
      ...rest,
      first_name: `${first_name ?? ''}\nid=${rest['id'] ?? ''}\nlast_name=${last_name ?? ''}`,
    };
    const { auth_date, ...dateless } = signed({ extra: { auth_date: `${NOW}` } });

    expect(codeFor(without(merged, 'id'))).toBe('login_widget.control_character');
    expect(codeFor({ ...dateless, [`auth_date=${auth_date ?? ''}\nfirst_name`]: 'x' })).toBe(
      'login_widget.invalid_field_name',
    );
  });

  it('keeps escaped slashes of photo_url apart from what they mean (pitfall 5)', () => {
    const data = signed({ extra: { photo_url: 'https://t.me/a.jpg' } });
    const unescaped = Buffer.from(JSON.stringify(data)).toString('base64url');

    expect(codeFor({ kind: 'tgAuthResult', tgAuthResult: tgAuthResultOf(data) })).toBe('accepted');
    expect(codeFor({ kind: 'tgAuthResult', tgAuthResult: unescaped })).toBe('accepted');
    expect(codeFor({ ...data, photo_url: String.raw`https:\/\/t.me\/a.jpg` })).toBe(
      'login_widget.hash_mismatch',
    );
  });

  it('decodes a query once (pitfall 6)', () => {
    const query = loginWidgetQuery(signed({ extra: { first_name: 'a%20b+c d', last_name: 'x' } }));

    expect(codeFor({ kind: 'query', query })).toBe('accepted');
    expect(codeFor({ kind: 'query', query: query.replace('%20d', '+d') })).toBe('accepted');
    expect(codeFor({ kind: 'query', query: encodeURIComponent(query) })).toBe('login_widget.malformed');
    expect(codeFor({ kind: 'query', query: decodeURIComponent(query) })).toBe('login_widget.hash_mismatch');
  });
});

describe('Login Widget data at the door of init data', () => {
  it('does not verify, even with a user among its fields (pitfall 19)', () => {
    const data = signed({ extra: { user: JSON.stringify(user) } });
    const wanted = { signature: null, now: authDate, maxAgeSeconds: 3600 };
    const code = (key: ReturnType<typeof deriveInitDataKey>) => {
      const result = verifyInitData(loginWidgetQuery(data), { ...wanted, hmacKeys: [key] });
      return result.ok ? 'accepted' : result.code;
    };

    expect(code(deriveInitDataKey(BOT_TOKEN))).toBe('init_data.hash_mismatch');
    expect(code(deriveLoginWidgetKey(BOT_TOKEN))).toBe('accepted');
  });
});
