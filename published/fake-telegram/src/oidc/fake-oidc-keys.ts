import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** The algorithms that Telegram signs id tokens with. */
export type FakeOidcAlgorithm = 'RS256' | 'ES256' | 'EdDSA' | 'ES256K';

/** Private keys in PKCS #8, one for each algorithm. */
export type FakeOidcPems = Readonly<Record<FakeOidcAlgorithm, string>>;

/** Telegram calls its keys `oidc-1`, `oidc-es256-1` and so on. */
const KINDS = {
  RS256: { name: 'oidc', use: { ext: true, key_ops: ['verify'] }, make: rsaKeyInTurn },
  ES256: { name: 'oidc-es256', use: { use: 'sig' }, make: () => newEcKey('P-256') },
  EdDSA: { name: 'oidc-eddsa', use: { use: 'sig' }, make: newEdKey },
  ES256K: { name: 'oidc-es256k', use: { use: 'sig' }, make: () => newEcKey('secp256k1') },
} as const;

const ALGORITHMS = Object.keys(KINDS) as FakeOidcAlgorithm[];

/** Signs tokens with four keys like Telegram's. It shares no code with the verifier. */
export class FakeOidcKeys {
  private readonly privateKeys: Readonly<Record<FakeOidcAlgorithm, KeyObject>>;

  /** @param generation the number at the end of the key ids */
  constructor(
    pems?: FakeOidcPems,
    private readonly generation = 1,
  ) {
    this.privateKeys = byAlgorithm((alg) => (pems ? createPrivateKey(pems[alg]) : KINDS[alg].make()));
  }

  /** The constructor accepts these. */
  get pems(): FakeOidcPems {
    return byAlgorithm((alg) => this.privateKey(alg).export({ type: 'pkcs8', format: 'pem' }).toString());
  }

  /** The public keys, in the shape of `https://oauth.telegram.org/.well-known/jwks.json`. */
  get jwks(): { readonly keys: readonly Readonly<Record<string, unknown>>[] } {
    const keys = ALGORITHMS.map((alg) => ({
      alg,
      ...createPublicKey(this.privateKey(alg)).export({ format: 'jwk' }),
      kid: this.keyId(alg),
      ...KINDS[alg].use,
    }));
    return { keys };
  }

  /** Returns new keys under new key ids. */
  next(): FakeOidcKeys {
    const next = new FakeOidcKeys(undefined, this.generation + 1);
    const isSame = next.privateKey('RS256') === this.privateKey('RS256');
    return isSame ? this.next() : next;
  }

  keyId(alg: FakeOidcAlgorithm): string {
    return `${KINDS[alg].name}-${this.generation}`;
  }

  privateKey(alg: FakeOidcAlgorithm): KeyObject {
    return this.privateKeys[alg];
  }

  /** Returns a compact JWS of exactly this payload. @param header replaces members; undefined leaves one out */
  sign(payload: string, alg: FakeOidcAlgorithm, header: Readonly<Record<string, unknown>> = {}): string {
    const usual = { alg, kid: this.keyId(alg), typ: 'JWT' };
    return this.signText(`${base64Url(JSON.stringify({ ...usual, ...header }))}.${base64Url(payload)}`, alg);
  }

  signText(text: string, alg: FakeOidcAlgorithm): string {
    const key = { key: this.privateKey(alg), dsaEncoding: 'ieee-p1363' } as const;
    const signature = sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(text), key);
    return `${text}.${signature.toString('base64url')}`;
  }
}

function byAlgorithm<T>(make: (alg: FakeOidcAlgorithm) => T): Record<FakeOidcAlgorithm, T> {
  return Object.fromEntries(ALGORITHMS.map((alg) => [alg, make(alg)])) as Record<FakeOidcAlgorithm, T>;
}

function base64Url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;

/*
 * Keys are created as text and parsed. A generated key object shares a lock with its generator: Node 20 hangs
 * when the generator is garbage-collected while the key is exported as a JWK.
 */

export function newRsaKey(modulusLength = 2048, publicExponent = 65_537): KeyObject {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength,
    publicExponent,
    publicKeyEncoding,
    privateKeyEncoding,
  });
  return createPrivateKey(privateKey);
}

/** An RSA key takes 100 ms, so a process has this many. `next()` never returns the previous key. */
const RSA_KEYS = 3;
const rsaKeys: KeyObject[] = [];
let turn = 0;

function rsaKeyInTurn(): KeyObject {
  turn = (turn + 1) % RSA_KEYS;
  return (rsaKeys[turn] ??= newRsaKey());
}

export function newEcKey(namedCurve: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve, publicKeyEncoding, privateKeyEncoding });
  return createPrivateKey(privateKey);
}

export function newEdKey(): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding });
  return createPrivateKey(privateKey);
}
