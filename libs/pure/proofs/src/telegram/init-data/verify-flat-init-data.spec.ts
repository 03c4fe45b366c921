import { aTelegramUser, FakeTelegram, signFields } from '@countersign/fake-telegram';
import { deriveLoginWidgetKey } from '../login-widget/verify-login-widget';
import { deriveInitDataKey } from './init-data-signatures';
import { verifyFlatInitData } from './verify-flat-init-data';

const BOT_TOKEN = '42:TEST';
const AUTH_DATE = 1_760_000_000;
const PERSON = [
  ['auth_date', String(AUTH_DATE)],
  ['query_id', 'AAHdF6IQ'],
  ['id', '123456789'],
  ['first_name', 'John'],
  ['last_name', 'Doe'],
  ['username', 'johndoe'],
  ['is_premium', 'true'],
] as const;

function flat(changed: Readonly<Record<string, string>> = {}, botToken = BOT_TOKEN): string {
  return signFields(Object.entries({ ...Object.fromEntries(PERSON), ...changed }), botToken);
}

function codeFor(raw: string, now = AUTH_DATE, keys = [deriveInitDataKey(BOT_TOKEN)]): string {
  const verified = verifyFlatInitData(raw, {
    hmacKeys: keys,
    now: new Date(now * 1_000),
    maxAgeSeconds: 3_600,
  });
  return verified.ok ? 'accepted' : verified.code;
}

describe('verifyFlatInitData', () => {
  it('reads the person of the fields', () => {
    const verified = verifyFlatInitData(flat(), {
      hmacKeys: [deriveInitDataKey(BOT_TOKEN)],
      now: new Date(AUTH_DATE * 1_000),
      maxAgeSeconds: 3_600,
    });

    expect(verified).toMatchObject({
      ok: true,
      value: {
        signatureVerified: false,
        initData: {
          authDate: new Date(AUTH_DATE * 1_000),
          user: { id: '123456789', firstName: 'John', lastName: 'Doe', username: 'johndoe', isPremium: true },
        },
      },
    });
  });

  it.each([
    ['another bot', flat({}, '43:TEST'), 'init_data.hash_mismatch'],
    ['an id with a sign', flat({ id: '+1' }), 'init_data.user_id_invalid'],
    ['a bot', flat({ is_bot: 'true' }), 'init_data.user_is_bot'],
    ['a flag that is none', flat({ is_premium: 'yes' }), 'init_data.user_malformed'],
    ['a user beside the fields', flat({ user: '{"id":1,"first_name":"A"}' }), 'init_data.user_malformed'],
    ['a signature that is not checked', flat({ signature: 'A'.repeat(86) }), 'init_data.user_malformed'],
  ])('refuses %s', (_, raw, code) => {
    expect(codeFor(raw)).toBe(code);
  });

  it('refuses it before and after its time', () => {
    expect(codeFor(flat(), AUTH_DATE + 3_601)).toBe('init_data.auth_date_expired');
    expect(codeFor(flat(), AUTH_DATE - 61)).toBe('init_data.auth_date_in_future');
  });

  it('accepts no key of the Login Widget, and nothing that Telegram makes', () => {
    const launch = new FakeTelegram().signInitData({
      botToken: BOT_TOKEN,
      user: aTelegramUser(),
      authDate: new Date(AUTH_DATE * 1_000),
    });

    expect(codeFor(flat(), AUTH_DATE, [deriveLoginWidgetKey(BOT_TOKEN)])).toBe('init_data.hash_mismatch');
    expect(codeFor(launch)).toBe('init_data.user_malformed');
  });
});
