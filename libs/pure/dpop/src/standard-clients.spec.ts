import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import {
  customFetch,
  DPoP,
  generateKeyPair as generateClientKeys,
  protectedResourceRequest,
} from 'oauth4webapi';
import { aRequest } from '../testing/a-request';
import { DeviceKey } from '../testing/device-key';
import { DPOP_ALGORITHMS, verifyDpopProof } from './verify-dpop-proof';

const { request, expected } = aRequest();
const accessToken = 'some-access.token_1';

describe('an OAuth client of another make', () => {
  it.each(['ES256', 'Ed25519', 'PS256', 'RS256'])('proves with %s and token', async (algorithm) => {
    const keys = await generateClientKeys(algorithm);
    const handle = DPoP({}, keys);
    let proof = '';
    await protectedResourceRequest(accessToken, 'POST', new URL(`${request.uri}?page=2`), undefined, null, {
      DPoP: handle,
      [customFetch]: async (_, { headers }) => {
        proof = new Headers(headers).get('dpop') ?? '';
        return new Response(null);
      },
    });

    expect(await verifyDpopProof(proof, { ...expected, accessToken, now: new Date() })).toMatchObject({
      ok: true,
      value: { thumbprint: await handle.calculateThumbprint() },
    });
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
