import { createPublicKey, type KeyObject } from 'node:crypto';
import { FakeOidcKeys, newEcKey, newRsaKey } from '@countersign/fake-telegram';
import { parseJwks } from './jwks';

/** https://oauth.telegram.org/.well-known/jwks.json, read in spring 2026. */
const published = {
  keys: [
    {
      alg: 'RS256',
      e: 'AQAB',
      ext: true,
      key_ops: ['verify'],
      kty: 'RSA',
      n: '5RneLtsKvVcxdv6gu6gxEQu30Cru5NiMQnY6SNr9ZyZFZ4ya-pfHNuaZXJ6QPG0JSFwoxeOkEO2-eZN_REVPm448PvjjsR1eQdZ5QpEkNxnItFcmxkHH91v5cgf52_EI9BGO-MT6f1vaBSg3uWHFlDxI7J2AYxNvd1_Nf3TkgrrR7gyJFTmEIai5RefGnA0KGNYDlRIGUzrz2F05n6gTaHFT_iHL5UHatTZA4GCiUSjIOuwqu5pE5uZge20TFv3cxXMQaFw_xv1pgQt_Rq8eoCN7TS0RQ0zjWKiad-W286BcFectXsUm03p5Nq_kY4mf_7rqwX_B8yy_bBreyKn7RQ',
      kid: 'oidc-1',
    },
    {
      alg: 'ES256',
      kty: 'EC',
      x: 'ahVYrohhX6YA7w0P2gUNSwMFbaabCgBZFkeq9bWdmwU',
      y: 'Ea8nKJ34VQMA7zv8aYDfzcBhXEjnWQ9C06jVke_eUV0',
      crv: 'P-256',
      kid: 'oidc-es256-1',
      use: 'sig',
    },
    {
      alg: 'EdDSA',
      crv: 'Ed25519',
      x: 'i6BEafXMEe4osXgUTffpKAm6Cn6F2bhqPZoclunTAV4',
      kty: 'OKP',
      kid: 'oidc-eddsa-1',
      use: 'sig',
    },
    {
      alg: 'ES256K',
      kty: 'EC',
      x: 'vsk5i5YJu8H_VPL7DWTgVGXBPrqgkyNmYvfgOrVut38',
      y: 'Mrg56tBhVeorHPXK1LbTX2jP7rEqOHIatM96HFzVMIU',
      crv: 'secp256k1',
      kid: 'oidc-es256k-1',
      use: 'sig',
    },
  ],
};

const [rsa = {}, p256 = {}, ed25519 = {}, secp256k1 = {}] = published.keys as Record<string, unknown>[];

function jwkOf(privateKey: KeyObject): Record<string, unknown> {
  return { ...createPublicKey(privateKey).export({ format: 'jwk' }) };
}

function found(...entries: unknown[]): string[] {
  return [...parseJwks({ keys: entries })].map(([kid, { alg }]) => `${kid} ${alg}`);
}

describe('parseJwks', () => {
  it('reads the set that Telegram publishes, in what JSON carries as well as in what we make', () => {
    const all = ['oidc-1 RS256', 'oidc-es256-1 ES256', 'oidc-eddsa-1 EdDSA', 'oidc-es256k-1 ES256K'];

    expect(found(...published.keys)).toEqual(all);
    expect(found(...new FakeOidcKeys().jwks.keys)).toEqual(all);
  });

  it('keeps the key itself', () => {
    const exported = parseJwks(published).get('oidc-1')?.key.export({ format: 'jwk' });

    expect(exported).toEqual({ kty: 'RSA', e: 'AQAB', n: rsa['n'] });
  });

  it('binds the algorithm to the key where the set does not name it', () => {
    const bare = published.keys.map(({ alg: _, ...key }) => key);

    expect([...parseJwks({ keys: bare }).values()].map(({ alg }) => alg)).toEqual([
      'RS256',
      'ES256',
      'EdDSA',
      'ES256K',
    ]);
  });

  it.each([
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' }],
    ['an algorithm that is not the key’s', { ...rsa, alg: 'RS512' }],
    ['PSS on the same kind of key', { ...rsa, alg: 'PS256' }],
    ['the algorithm of another curve', { ...p256, alg: 'ES256K' }],
    ['HMAC on a public key', { ...rsa, alg: 'HS256' }],
    ['an algorithm that is no text', { ...rsa, alg: ['RS256'] }],
    ['a key for encryption', { ...rsa, use: 'enc' }],
    ['a key that verifies nothing', { ...rsa, key_ops: ['encrypt'] }],
    ['operations that are no list', { ...rsa, key_ops: 'verify' }],
    ['a private half', { ...ed25519, d: ed25519['x'] }],
    ['1024 bits', jwkOf(newRsaKey(1024))],
    ['the exponent 3', jwkOf(newRsaKey(2048, 3))],
    ['the exponent 1', { ...rsa, e: 'AQ' }],
    ['a modulus of 16384 bits', { ...rsa, n: '_'.repeat(2731) }],
    ['no modulus', { ...rsa, n: undefined }],
    ['P-384', jwkOf(newEcKey('P-384'))],
    ['Ed448', { ...ed25519, crv: 'Ed448', x: 'A'.repeat(76) }],
    ['X25519', { ...ed25519, crv: 'X25519' }],
    ['a curve of another kind', { ...p256, kty: 'OKP' }],
    ['a point that is not on the curve', { ...p256, y: p256['x'] }],
    ['a point of the other curve', { ...secp256k1, crv: 'P-256', alg: 'ES256' }],
    ['half a point', { ...p256, y: undefined }],
    ['31 bytes of Ed25519', { ...ed25519, x: 'A'.repeat(42) }],
    ['numbers for texts', { ...p256, x: 1, y: 2 }],
    ['a kind that is an object', { kty: { toString: 1 }, crv: { valueOf: 2 } }],
    ['a kind in __proto__', JSON.parse('{"__proto__":{"kty":"RSA","e":"AQAB","n":"AQAB"}}')],
  ])('leaves out %s, and keeps the others', (_, entry: Record<string, unknown>) => {
    expect(found({ ...entry, kid: 'k' }, p256)).toEqual(['oidc-es256-1 ES256']);
  });

  it.each([undefined, null, 1, '', 'a\n', '\ud83e', 'a'.repeat(129)])('leaves out the key id %j', (kid) => {
    expect(found({ ...rsa, kid }, p256)).toEqual(['oidc-es256-1 ES256']);
  });

  it('leaves out all keys that share an id, whatever they are', () => {
    const other = { kty: 'oct', k: 'AA', kid: 'k' };
    const one = { ...p256, kid: 'k' };

    expect(found(one, { ...rsa, kid: 'k' }, ed25519)).toEqual(['oidc-eddsa-1 EdDSA']);
    expect(found(other, one)).toEqual([]);
    expect(found(one, other)).toEqual([]);
    expect(found(one, one, one)).toEqual([]);
  });

  it('takes 32 keys, and none of a longer list', () => {
    const many = Array.from({ length: 33 }, (_, index) => ({ ...p256, kid: index.toString() }));

    expect(found(...many.slice(1))).toHaveLength(32);
    expect(found(...many)).toEqual([]);
  });

  it.each([
    undefined,
    null,
    1,
    'keys',
    [],
    [p256],
    {},
    { keys: null },
    { keys: p256 },
    { keys: [null, [], 1] },
  ])('finds nothing in %j', (document) => {
    expect(parseJwks(document).size).toBe(0);
  });
});
