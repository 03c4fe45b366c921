import {
  customFetch,
  DPoP,
  generateKeyPair as generateClientKeys,
  protectedResourceRequest,
} from 'oauth4webapi';
import { aRequest } from '../../testing/dpop/a-request';
import { verifyDpopProof } from './verify-dpop-proof';

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
