import * as telegramApps from '@telegram-apps/init-data-node';
import * as tma from '@tma.js/init-data-node';
import { signFields } from '@countersign/fake-telegram';
import { hmacVectors } from '../../../testing/telegram/vectors';
import { deriveInitDataKey } from './init-data-signatures';
import { verifyInitData, type InitDataVerificationPolicy } from './verify-init-data';

const IM_BOT_TOKEN = '5768337691:IM-BOT';
const authDate = new Date(1_760_000_000_000);
const user = {
  id: 279_058_397,
  first_name: 'Ada + Łukasz & =',
  last_name: '🦊 ?#%',
  username: 'ada',
  language_code: 'en',
  photo_url: 'https://openweb3.io/a/b.svg',
};

/** What the two libraries have in common. */
type Sign = (data: Parameters<typeof telegramApps.sign>[0], botToken: string, authDate: Date) => string;

const signers: [name: string, sign: Sign][] = [
  ['@telegram-apps/init-data-node', telegramApps.sign],
  ['@tma.js/init-data-node', tma.sign],
];

function policy(overrides: Partial<InitDataVerificationPolicy> = {}): InitDataVerificationPolicy {
  return {
    hmacKeys: [deriveInitDataKey(IM_BOT_TOKEN)],
    signature: null,
    now: authDate,
    maxAgeSeconds: 3600,
    ...overrides,
  };
}

function codeFor(raw: string, overrides: Partial<InitDataVerificationPolicy> = {}): string {
  const result = verifyInitData(raw, policy(overrides));
  return result.ok ? 'accepted' : result.code;
}

describe.each(signers)("an OpenWeb3 messenger's init data, signed by %s", (_, sign) => {
  it('names person and start parameter', () => {
    const raw = sign({ user, start_param: 'ABC-1_2' }, IM_BOT_TOKEN, authDate);

    expect(verifyInitData(raw, policy())).toMatchObject({
      ok: true,
      value: {
        signatureVerified: false,
        initData: {
          authDate,
          startParam: 'ABC-1_2',
          user: {
            id: '279058397',
            firstName: user.first_name,
            lastName: user.last_name,
            username: 'ada',
            languageCode: 'en',
            photoUrl: user.photo_url,
          },
        },
      },
    });
  });

  it('has an empty signature, which the hash covers (pitfall 3)', () => {
    const raw = sign({ user }, IM_BOT_TOKEN, authDate);

    expect(new URLSearchParams(raw).get('signature')).toBe('');
    expect(codeFor(raw.replace(/&?signature=(?=&|$)/, ''))).toBe('init_data.hash_mismatch');
  });
});

describe("an OpenWeb3 messenger's init data", () => {
  it('may come without any signature', () => {
    const raw = signFields(
      [
        ['user', '{"id":9007199254740991,"first_name":"a"}'],
        ['auth_date', '1760000000'],
      ],
      IM_BOT_TOKEN,
    );

    expect(verifyInitData(raw, policy())).toMatchObject({
      value: { initData: { user: { id: '9007199254740991' } } },
    });
  });
});

describe('the examples of the OpenWeb3 documents', () => {
  const documented = hmacVectors.find(({ id }) => id === 'openweb3-docs-example');
  const withQueryId =
    'query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%2C%22last_name%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%7D&auth_date=1662771648&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2';

  it.each([
    {
      token: '5768337691:AAGDAe6rjxu1cUgxK4BizYi--Utc3J9v5AU',
      secret: 'aa492a44bdf019c759defb1698c1d77690189973945491a756051cdc1207a449',
      raw: documented?.init_data ?? '',
    },
    {
      token: '5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8',
      secret: 'a5c609aa52f63cb5e6d8ceb6e4138726ea82bbc36bb786d64482d445ea38ee5f',
      raw: withQueryId,
    },
  ])('verify under the key of $token', ({ token, secret, raw }) => {
    const key = deriveInitDataKey(token);
    const overrides = { hmacKeys: [key], maxAgeSeconds: null };

    expect(key.export().toString('hex')).toBe(secret);
    expect(verifyInitData(raw, policy(overrides))).toMatchObject({
      value: { initData: { user: { id: '279058397', username: 'vdkfrost' } } },
    });
    expect(codeFor(raw.replace('vdkfrost', 'vdkfrosT'), overrides)).toBe('init_data.hash_mismatch');
  });
});
