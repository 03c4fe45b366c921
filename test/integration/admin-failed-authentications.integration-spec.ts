import { randomBytes, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { PrincipalsService } from '@countersign/admin';
import { Configuration } from '@countersign/config';
import { Database } from '@countersign/database';
import { times } from '../factories';
import { expectOAuthProblem } from '../support/oauth';
import { anOperator } from '../support/operator';
import { until } from '../support/until';
import { useTestApp } from '../support/use-test-app';

const TOKEN = '/v1/admin/token';
const LIMIT = 60;

interface Attempt {
  readonly principalId?: string;
  readonly secret?: string;
  /** As the proxy in front says; loopback without. */
  readonly address?: string | undefined;
}

describe('failed authentications at the administration port', () => {
  const app = useTestApp({ environment: { TRUSTED_PROXIES: '127.0.0.1' } });

  const aSecret = () => `cs_ps_${randomBytes(32).toString('base64url')}`;
  const post = (address: string | undefined, form: object) => {
    const call = app.admin.post(TOKEN).type('form');
    if (address !== undefined) call.set('x-forwarded-for', address);
    return call.send({ grant_type: 'client_credentials', ...form });
  };
  const attempt = ({ principalId = randomUUID(), secret = aSecret(), address }: Attempt = {}) =>
    post(address, { client_id: principalId, client_secret: secret });

  /** One after another: a crowd may all be let in before the first of them is refused. */
  async function exhaust(of: (index: number) => Attempt): Promise<void> {
    for (let index = 0; index < LIMIT; index++) {
      const { status } = await attempt(of(index));
      expect(status).toBe(401);
    }
  }

  // The windows of one test end before the next.
  afterEach(() => app.clock.advance(61));

  it.each([
    ['loopback', undefined],
    ['a private address', '10.1.2.3'],
    ['a private network of IPv6', 'fd00:1:2:3::7'],
    ['a public address', '203.0.113.9'],
  ])('from %s are answered 401, then 429 for a minute, and a right secret passes', async (_, address) => {
    const operator = await anOperator(app);
    const right = { principalId: operator.principalId, secret: operator.clientSecret, address };
    await exhaust((index) => ({ address, ...(index % 2 ? { secret: 'of no form' } : {}) }));

    const refused = await attempt({ address });
    expectOAuthProblem(refused, 429, 'request.rate_limited', 'temporarily_unavailable');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.headers['ratelimit-policy']).toBe('"principal-refusals";q=60;w=60');
    expect((await attempt({ address, principalId: operator.principalId })).status).toBe(429);
    expect((await attempt({ address: '10.9.9.9' })).status).toBe(401);
    for (const { status } of await Promise.all(times(3, () => attempt(right)))) expect(status).toBe(200);

    app.clock.advance(60);
    expect((await attempt({ address })).status).toBe(401);
  });

  it('of one principal are limited over all addresses, and its right secrets and assertions pass', async () => {
    const { principalId, clientSecret } = await anOperator(app);
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    await app.nest
      .get(PrincipalsService)
      .update(principalId, { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] }, null);
    const addressOf = (index: number) => `198.51.100.${index}`;
    await exhaust((index) => ({ principalId: principalId.toUpperCase(), address: addressOf(index) }));

    expect((await attempt({ principalId, address: addressOf(100) })).status).toBe(429);
    const assertionBy = async (key: Parameters<SignJWT['sign']>[0]) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', kid: 'k' })
        .setIssuer(principalId)
        .setSubject(principalId)
        .setAudience(app.nest.get(Configuration).issuer)
        .setJti(randomUUID())
        .setExpirationTime(Math.floor(app.clock.now().getTime() / 1_000) + 60)
        .sign(key);
    const assert = async (key: Parameters<SignJWT['sign']>[0]) =>
      post(addressOf(101), {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assertionBy(key),
      });
    expect((await assert((await generateKeyPair('ES256')).privateKey)).status).toBe(429);
    expect((await assert(privateKey)).status).toBe(200);
    expect((await attempt({ principalId, secret: clientSecret, address: addressOf(102) })).status).toBe(200);
    expect((await attempt({ address: addressOf(103) })).status).toBe(401);
  });

  it('cost no transaction, and delay no right secret above the limit', async () => {
    const [alice, bob] = [await anOperator(app), await anOperator(app)];
    await exhaust(() => ({}));
    const transactions = jest.spyOn(app.nest.get(Database), 'transaction');
    expect((await attempt({ principalId: alice.principalId })).status).toBe(429);
    expect(transactions).not.toHaveBeenCalled();
    transactions.mockRestore();

    const held = await app.database.hold('SELECT 1');
    await held.run('SELECT 1 FROM principals WHERE id = $1 FOR UPDATE', [bob.principalId]);
    const waiting = Promise.resolve(attempt({ principalId: bob.principalId, secret: bob.clientSecret }));
    await until(() => app.isWaitingFor('FROM principals'));
    const right = attempt({ principalId: alice.principalId, secret: alice.clientSecret });
    expect(await Promise.race([right.then(({ status }) => status), waiting.then(() => 'waited')])).toBe(200);
    await held.commit();
    expect((await waiting).status).toBe(200);
  });

  it('are none where the credential is right, or no authentication was asked for', async () => {
    const { principalId, clientSecret } = await anOperator(app);
    const address = '10.0.0.44';
    for (let index = 0; index < LIMIT; index++) {
      const form = { client_id: principalId, client_secret: clientSecret, scope: 'no:scope' };
      expect((await post(address, form)).status).toBe(400);
      expect((await post(address, { grant_type: 'password' })).status).toBe(400);
    }
    expect((await attempt({ address })).status).toBe(401);
  });
});
