import { isRight } from '../../signatures/is-right';
import { aTelegramUser, FakeTelegram, signFields, type FakeTelegramLaunch } from '@countersign/fake-telegram';
import { hostileVectors } from '../../../testing/telegram/vectors';
import { deriveInitDataKey } from './init-data-signatures';
import {
  checkInitDataAuthenticity,
  verifyInitData,
  type InitDataVerificationPolicy,
} from './verify-init-data';

const BOT_TOKEN = '42:TEST';
const authDate = new Date(1_760_000_000_000);
const user = aTelegramUser();
const telegram = new FakeTelegram();

function signed(launch: Partial<FakeTelegramLaunch> = {}): string {
  return telegram.signInitData({ botToken: BOT_TOKEN, user, authDate, ...launch });
}

/** Signed with a leaked token, without Telegram's key. */
function forged(signature: string): string {
  const fields = [...new URLSearchParams(signed())].filter(
    ([name]) => name !== 'hash' && name !== 'signature',
  );
  return signFields([...fields, ['signature', signature]], BOT_TOKEN);
}

function policy(
  signature: Partial<InitDataVerificationPolicy['signature']> = {},
  overrides: Partial<InitDataVerificationPolicy> = {},
): InitDataVerificationPolicy {
  return {
    hmacKeys: [deriveInitDataKey(BOT_TOKEN)],
    signature: { botId: '42', publicKey: telegram.publicKeys.production, policy: 'required', ...signature },
    now: authDate,
    maxAgeSeconds: 3600,
    ...overrides,
  };
}

function codeFor(raw: string, wanted: InitDataVerificationPolicy): string {
  const result = verifyInitData(raw, wanted);
  return result.ok ? 'accepted' : result.code;
}

describe('verifyInitData', () => {
  it.each(hostileVectors.vectors)('decides on $id: $recommended ($why)', ({ init_data, recommended }) => {
    const { bot_token, now, max_age } = hostileVectors;
    const result = verifyInitData(init_data, {
      hmacKeys: [deriveInitDataKey(bot_token)],
      signature: null,
      now: new Date(now * 1000),
      maxAgeSeconds: max_age,
    });

    expect(result.ok).toBe(recommended === 'accept');
  });

  it.each([{ queryId: 'AAHdF6IQ' }, { startParam: 'ref-1' }])('accepts what Telegram signs: %j', (launch) => {
    const raw = signed(launch);
    const result = verifyInitData(raw, policy());

    expect(result).toMatchObject({
      ok: true,
      value: {
        secret: Buffer.from(raw.slice(-64), 'hex'),
        signatureVerified: true,
        initData: { authDate, user: { id: user.id.toString(), photoUrl: user.photo_url }, ...launch },
      },
    });
  });

  it.each([
    ['required', 'right', signed(), 'accepted', true],
    ['required', 'absent', signed({ omitSignature: true }), 'init_data.signature_missing', false],
    ['required', 'empty', forged(''), 'init_data.signature_missing', false],
    ['required', 'wrong', forged('A'.repeat(86)), 'init_data.signature_mismatch', false],
    ['optional', 'right', signed(), 'accepted', true],
    ['optional', 'absent', signed({ omitSignature: true }), 'accepted', false],
    ['optional', 'empty', forged(''), 'accepted', false],
    ['optional', 'wrong', forged('A'.repeat(86)), 'init_data.signature_mismatch', false],
    ['optional', 'malformed', forged('x'), 'init_data.signature_malformed', false],
  ] as const)('with a %s signature that is %s', (wanted, _, raw, code, signatureVerified) => {
    const result = verifyInitData(raw, policy({ policy: wanted }));

    expect(result.ok ? 'accepted' : result.code).toBe(code);
    expect(result.ok && result.value.signatureVerified).toBe(signatureVerified);
  });

  it('never takes a signature instead of the hash', () => {
    const otherHash = signed().replace(/hash=.*/, `hash=${'0'.repeat(64)}`);
    const noHash = signed().replace(/&hash=.*/, '');

    expect(codeFor(otherHash, policy())).toBe('init_data.hash_mismatch');
    expect(codeFor(noHash, policy())).toBe('init_data.hash_missing');
  });

  it('refuses the data of another bot and of another environment', () => {
    expect(codeFor(signed({ botToken: '43:TEST' }), policy())).toBe('init_data.hash_mismatch');
    expect(codeFor(signed(), policy({ botId: '43' }))).toBe('init_data.signature_mismatch');
    expect(codeFor(signed({ environment: 'test' }), policy())).toBe('init_data.signature_mismatch');
    expect(codeFor(signed({ environment: 'test' }), policy({ publicKey: telegram.publicKeys.test }))).toBe(
      'accepted',
    );
  });

  it('takes the old token beside the new one while it is rotated', () => {
    const [old, current, other] = ['42:OLD', '42:NEW', '42:OTHER'].map((botToken) => signed({ botToken }));
    const hmacKeys = [deriveInitDataKey('42:NEW'), deriveInitDataKey('42:OLD')];

    expect(codeFor(current ?? '', policy({}, { hmacKeys }))).toBe('accepted');
    expect(codeFor(old ?? '', policy({}, { hmacKeys }))).toBe('accepted');
    expect(codeFor(other ?? '', policy({}, { hmacKeys }))).toBe('init_data.hash_mismatch');
    expect(codeFor(current ?? '', policy({}, { hmacKeys: [] }))).toBe('init_data.hash_mismatch');
  });

  it('looks at date and person after the proof', () => {
    const late = { now: new Date(authDate.getTime() + 3_601_000) };

    expect(codeFor(signed(), policy({}, late))).toBe('init_data.auth_date_expired');
    expect(codeFor(signed(), policy({}, { ...late, maxAgeSeconds: null }))).toBe('accepted');
    expect(codeFor(signed({ botToken: '43:X' }), policy({}, late))).toBe('init_data.hash_mismatch');
    expect(codeFor(signed({ extra: { user: '{"first_name":"A"}' } }), policy())).toBe(
      'init_data.user_id_invalid',
    );
  });
});

describe('checkInitDataAuthenticity', () => {
  it('asks for neither date nor person', () => {
    const raw = signFields([['query_id', 'q']], BOT_TOKEN);
    const { hmacKeys } = policy();

    expect(checkInitDataAuthenticity(raw, { hmacKeys, signature: null }, isRight)).toMatchObject({
      ok: true,
      value: {
        fields: new Map([
          ['query_id', 'q'],
          ['hash', raw.slice(-64)],
        ]),
        signatureVerified: false,
      },
    });
  });
});
