import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader, SignJWT, type JWTHeaderParameters } from 'jose';
import { IdentityKeys, IDENTITY_TOKEN_TYPE } from '@countersign/issuer';
import { patience } from '../runner/patience.cjs';
import { FakeClock } from '../support/fake-clock';
import { ISSUER } from '../support/oauth';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { run } from './support/program';

const HOUR = 3_600;
/** Debian's, which has the library. */
const PYTHON = '/usr/bin/python3';
const ANSWER = `
import json, sys
for token in sys.argv[1:]:
    try:
        print(json.dumps(verify_identity_token(token)))
    except jwt.PyJWTError as error:
        print(json.dumps({"refused": type(error).__name__}))
`;

/** What docs/gateway.md shows, with keys at the address of the test. */
function programOf(jwksUrl: string): string {
  const page = readFileSync(join(__dirname, '../../docs/gateway.md'), 'utf8');
  const [, code = ''] = /```python\n([^]*?)```/.exec(page) ?? [];
  const address = `"${ISSUER}/.well-known/jwks.json"`;
  expect(code).toContain(address);
  return code.replace(address, `"${jwksUrl}"`) + ANSWER;
}

describe('the Python of docs/gateway.md', () => {
  const clock = useFixture(() => new FakeClock(new Date(Date.now() - HOUR * 1_000)));
  const app = useTestApp(() => ({ clock, environment: { PUBLIC_URL: ISSUER } }));
  const shop = useApplication(app, {
    settings: { audiences: ['orders', 'billing'], scopes: ['orders:read'] },
  });
  const made: Record<string, string> = {};
  let userId: string;
  let key: KeyObject;

  async function answersTo(...tokens: readonly string[]): Promise<unknown[]> {
    const program = programOf(`http://127.0.0.1:${app.port}/.well-known/jwks.json`);
    const { stdout } = await run(PYTHON, ['-c', program, ...tokens], 10_000 * patience);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  }

  /** By the check, for a service. */
  async function tokenFor(audience: string): Promise<string> {
    const session = await app.signIn(shop);
    ({ userId } = session);
    const answer = await app.check(session.accessToken, `?audience=${audience}`);
    return answer.headers['x-identity-token'] ?? '';
  }

  /** The claims of the good token, with others; signed by the service's key unless there is another one. */
  function forged(claims: object, header: object = {}, by: KeyObject = key): Promise<string> {
    const good = made['good'] ?? '';
    return new SignJWT({ ...decodeJwt(good), ...claims })
      .setProtectedHeader({ ...decodeProtectedHeader(good), ...header } as JWTHeaderParameters & {
        alg: string;
      })
      .sign(by);
  }

  beforeAll(async () => {
    made['expired'] = await tokenFor('orders');
    clock.advance(HOUR);
    made['foreign'] = await tokenFor('billing');
    made['good'] = await tokenFor('orders');
    const [signing] = await app.nest.get(IdentityKeys).open();
    if (!signing) throw new Error('there is no key');
    key = signing.privateKey;
  });

  it('reads the claims of a token for its service', async () => {
    const { good = '' } = made;

    expect(await answersTo(good)).toEqual([decodeJwt(good)]);
    expect(decodeJwt(good)).toMatchObject({ sub: userId, scope: 'orders:read' });
    expect(await answersTo(await forged({}))).toEqual([decodeJwt(good)]);
  });

  it('refuses tokens that are expired, or for another service', async () => {
    const { expired = '', foreign = '' } = made;

    expect(await answersTo(expired, foreign)).toEqual([
      { refused: 'ExpiredSignatureError' },
      { refused: 'InvalidAudienceError' },
    ]);
  });

  it.each<[string, object, object, string]>([
    ['of another typ', {}, { typ: 'JWT' }, 'InvalidTokenError'],
    ['without a typ', {}, { typ: undefined }, 'InvalidTokenError'],
    ['of another issuer', { iss: `${ISSUER}.evil.example` }, {}, 'InvalidIssuerError'],
    ['without an issuer', { iss: undefined }, {}, 'MissingRequiredClaimError'],
    ['without an end', { exp: undefined }, {}, 'MissingRequiredClaimError'],
    ['without an audience', { aud: undefined }, {}, 'MissingRequiredClaimError'],
    ['without an account', { sub: undefined }, {}, 'MissingRequiredClaimError'],
  ])('refuses a token %s, although the service has signed it', async (_, claims, header, refused) => {
    expect(await answersTo(await forged(claims, header))).toEqual([{ refused }]);
  });

  it('refuses other keys and algorithms', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const [, payload = ''] = (made['good'] ?? '').split('.');
    const { kid } = decodeProtectedHeader(made['good'] ?? '');
    const headed = (alg: string): string => {
      const header = JSON.stringify({ alg, typ: IDENTITY_TOKEN_TYPE, kid });
      return `${Buffer.from(header).toString('base64url')}.${payload}`;
    };
    // The public key as the secret of an HMAC.
    const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' });
    const hmac = createHmac('sha256', pem).update(headed('HS256')).digest('base64url');

    expect(
      await answersTo(
        await forged({}, {}, other),
        await forged({}, { kid: 'unknown' }),
        `${headed('none')}.`,
        `${headed('HS256')}.${hmac}`,
        'x.y.z',
      ),
    ).toEqual([
      { refused: 'InvalidSignatureError' },
      { refused: 'PyJWKClientError' },
      { refused: 'InvalidAlgorithmError' },
      { refused: 'InvalidAlgorithmError' },
      { refused: 'DecodeError' },
    ]);
  });
});
