import { createLocalJWKSet, importPKCS8, jwtVerify, SignJWT } from 'jose';
import {
  clientId,
  issuer,
  keys,
  now,
  payloadWith,
  policy,
  someClaims,
} from '../../../testing/telegram/fake-oidc-fixture';
import { verifyIdToken } from './id-token';

/** What `jose` knows; it refuses ES256K. */
const KNOWN = ['RS256', 'ES256', 'EdDSA'] as const;

describe('an independent implementation', () => {
  it.each(KNOWN)('signs %s tokens that are accepted', async (alg) => {
    const privateKey = await importPKCS8(keys.pems[alg], alg);
    const header = { alg, kid: keys.keyId(alg) };
    const token = await new SignJWT(someClaims()).setProtectedHeader(header).sign(privateKey);

    expect(verifyIdToken(token, policy())).toMatchObject({
      ok: true,
      value: { subject: '987654321' },
    });
  });

  it.each(KNOWN)('accepts our %s tokens under our key set, ES256K in it', async (alg) => {
    const token = keys.sign(payloadWith(), alg);
    const options = { issuer, audience: clientId, currentDate: now, algorithms: [alg] };
    const verified = await jwtVerify(
      token,
      createLocalJWKSet({ keys: [...keys.jwks.keys] as never }),
      options,
    );

    expect(verified.payload).toEqual(someClaims());
    expect(verified.protectedHeader).toEqual({ alg, kid: keys.keyId(alg), typ: 'JWT' });
  });
});
