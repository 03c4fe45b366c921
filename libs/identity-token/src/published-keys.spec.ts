import { generateKeyPairSync } from 'node:crypto';
import { aKey } from '../testing/test-issuer';
import { readPublishedKeys } from './published-keys';

const elliptic = aKey('one').jwk;
const edwards = aKey('one', 'EdDSA').jwk;
const { alg: _, ...withoutAlgorithm } = elliptic;

async function algorithmsOf(...keys: unknown[]): Promise<[string, string][]> {
  return [...(await readPublishedKeys({ keys }))].map(([keyId, { algorithm }]) => [keyId, algorithm]);
}

function jwkOf(curve: string): object {
  return generateKeyPairSync('ec', { namedCurve: curve }).publicKey.export({ format: 'jwk' });
}

describe('readPublishedKeys', () => {
  it('knows a key by its id, and its algorithm by what it is', async () => {
    expect(await algorithmsOf(elliptic, { ...edwards, kid: 'two' })).toEqual([
      ['one', 'ES256'],
      ['two', 'EdDSA'],
    ]);
    expect(await algorithmsOf(withoutAlgorithm)).toEqual([['one', 'ES256']]);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['text', 'key'],
    ['without an id', { ...elliptic, kid: undefined }],
    ['with a number as its id', { ...elliptic, kid: 1 }],
    ['for encryption', { ...elliptic, use: 'enc' }],
    ['for signing', { ...elliptic, key_ops: ['sign'] }],
    ['with an algorithm that is not its own', { ...elliptic, alg: 'EdDSA' }],
    ['with the algorithm of an HMAC', { ...elliptic, alg: 'HS256' }],
    ['with another algorithm of ECDSA', { ...elliptic, alg: 'ES384' }],
    ['of another curve', { ...jwkOf('P-384'), kid: 'one' }],
    ['of a curve that only looks alike', { ...jwkOf('secp256k1'), kid: 'one', crv: 'P-256' }],
    ['that is no point of its curve', { ...elliptic, x: elliptic['y'], y: elliptic['x'] }],
    ['without a half', { ...elliptic, y: undefined }],
    ['of an Edwards curve under the name of the other', { ...edwards, kty: 'EC', crv: 'P-256' }],
    ['of the other curve under the name of an Edwards one', { ...elliptic, kty: 'OKP', crv: 'Ed25519' }],
    ['that is symmetric', { kty: 'oct', k: 'c2VjcmV0', kid: 'one', alg: 'HS256' }],
    ['with a symmetric half', { ...elliptic, k: 'c2VjcmV0' }],
    ['that is private', { ...aKey('one').privateKey.export({ format: 'jwk' }), kid: 'one' }],
    ['that is private, of an Edwards curve', { ...edwards, d: edwards['x'] }],
    [
      'of RSA',
      {
        ...generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }),
        kid: 'one',
      },
    ],
  ])('leaves out a key %s', async (_, key) => {
    expect(await algorithmsOf(key, { ...elliptic, kid: 'two' })).toEqual([['two', 'ES256']]);
  });

  it.each<[string, unknown]>([
    ['another', aKey('one').jwk],
    ['the same', elliptic],
    ['one of another kind', edwards],
    ['one that is of no use', { kty: 'oct', kid: 'one' }],
  ])('leaves out both keys of one id: %s', async (_, other) => {
    expect(await algorithmsOf(elliptic, other)).toEqual([]);
    expect(await algorithmsOf(other, elliptic)).toEqual([]);
    expect(await algorithmsOf(elliptic, other, elliptic)).toEqual([]);
  });
});
