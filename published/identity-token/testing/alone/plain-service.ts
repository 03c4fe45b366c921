import assert from 'node:assert/strict';
import { verifyIdentityToken, type IdentityToken } from '@countersign/identity-token';
import { aKey, aTokenOf, TestIssuer } from '../test-issuer';

/** What a service without a framework does with the package. Fails unless it works. */
async function run(): Promise<void> {
  const issuer = new TestIssuer();
  const [key, stranger] = [aKey('key-1'), aKey('key-1')];
  issuer.now = new Date();
  issuer.published = [key.jwk];
  await issuer.start();
  const verify = (token?: string): Promise<IdentityToken> =>
    verifyIdentityToken(token, { issuer: issuer.url, audience: 'shop' });

  const caller = await verify(await aTokenOf(key, issuer.claims()));
  assert.equal(caller.userId, 'user-1');
  assert.deepEqual(caller.scopes, ['orders:read', 'orders:write']);
  await assert.rejects(verify(), { name: 'IdentityTokenError', code: 'missing' });
  await assert.rejects(verify(await aTokenOf(stranger, issuer.claims())), { code: 'signature_invalid' });
  // @ts-expect-error -- for whom? Unless it says so here, the types were not published.
  await assert.rejects(verifyIdentityToken('x', { issuer: issuer.url }), TypeError);
  await issuer.stop();
  assert.equal((await verify(await aTokenOf(key, issuer.claims()))).userId, 'user-1');
  assert.equal(issuer.asked, 1);
}

void run();
