import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import {
  customFetch,
  DPoP,
  generateKeyPair as generateClientKeys,
  protectedResourceRequest,
} from 'oauth4webapi';
import { aRequest } from '../testing/a-request';
import { DeviceKey } from '../testing/device-key';
import { DPOP_ALGORITHMS } from './dpop-algorithms';
import { verifyDpopProof } from './verify-dpop-proof';

const { request, expected } = aRequest();
const accessToken = 'some-access.token_1';

describe('an OAuth client of another make', () => {
  it.each(['ES256', 'Ed25519', 'PS256', 'RS256'])('proves with %s, nonce and token', async (algorithm) => {
    const keys = await generateClientKeys(algorithm);
    const handle = DPoP({}, keys);
    const proofs: string[] = [];
    const ask = async () =>
      protectedResourceRequest(accessToken, 'POST', new URL(`${request.uri}?page=2`), undefined, null, {
        DPoP: handle,
        [customFetch]: async (_, { headers }) => {
          proofs.push(new Headers(headers).get('dpop') ?? '');
          return new Response(null, { headers: { 'dpop-nonce': 'fresh-1' } });
        },
      });
    await ask();
    await ask();

    const here = { ...expected, accessToken, now: new Date() };
    const results = await Promise.all(proofs.map((proof) => verifyDpopProof(proof, here)));
    const thumbprint = await handle.calculateThumbprint();

    expect(results).toMatchObject([
      { ok: true, value: { thumbprint, nonce: null } },
      { ok: true, value: { thumbprint, nonce: 'fresh-1' } },
    ]);
  });
});

describe('a JOSE library', () => {
  it.each(DPOP_ALGORITHMS)('signs proofs with %s that are accepted', async (alg) => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = await exportJWK(publicKey);
    const proof = await new SignJWT({ htm: request.method, htu: request.uri })
      .setProtectedHeader({ typ: 'dpop+jwt', alg, jwk })
      .setJti('some-id')
      .setIssuedAt(request.at)
      .sign(privateKey);

    expect(await verifyDpopProof(proof, expected)).toMatchObject({
      ok: true,
      value: { thumbprint: await calculateJwkThumbprint(jwk), madeAt: request.at },
    });
  });

  it.each(DPOP_ALGORITHMS)('agrees on the thumbprint of a device key for %s', async (algorithm) => {
    const key = DeviceKey.generate(algorithm);

    expect(await calculateJwkThumbprint(key.publicJwk as never)).toBe(key.thumbprint);
  });
});
