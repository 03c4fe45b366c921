import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type JsonWebKey,
  type KeyObject,
  type SignKeyObjectInput,
} from 'node:crypto';
import type { DpopAlgorithm } from '../../src/dpop/verify-dpop-proof';

/** The request that is proved, and everything that can be wrong with the proof. */
export interface ProofRequest {
  readonly method: string;
  /** Absolute. Query and fragment are left out of the proof. */
  readonly uri: string;
  readonly accessToken?: string | null;
  readonly at: Date;
  /** Defaults to a new one. */
  readonly jti?: string;
  /** Members that join or replace the usual ones; one that is undefined is left out. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** By way of PEM: Node 20 can hang when it exports a key whose generation is being collected. */
const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

/** How each algorithm's key is made and used. */
const KINDS: Readonly<Record<DpopAlgorithm, Kind>> = {
  ES256: { make: newEcKey, hash: 'sha256', form: { dsaEncoding: 'ieee-p1363' } },
  Ed25519: { make: newEdKey, hash: null, form: {} },
  EdDSA: { make: newEdKey, hash: null, form: {} },
  PS256: { make: newRsaKey, hash: 'sha256', form: pss },
  RS256: { make: newRsaKey, hash: 'sha256', form: {} },
};

interface Kind {
  readonly make: () => string;
  readonly hash: string | null;
  readonly form: Omit<SignKeyObjectInput, 'key'>;
}

/** The key of a device, and DPoP proofs under it, good and bad. Shares no code with the verifier. */
export class DeviceKey {
  readonly publicJwk: JsonWebKey;
  readonly privateJwk: JsonWebKey;

  private constructor(
    readonly algorithm: DpopAlgorithm,
    private readonly privateKey: KeyObject,
  ) {
    this.publicJwk = createPublicKey(privateKey).export({ format: 'jwk' });
    this.privateJwk = privateKey.export({ format: 'jwk' });
  }

  static generate(algorithm: DpopAlgorithm = 'ES256'): DeviceKey {
    return new DeviceKey(algorithm, createPrivateKey(KINDS[algorithm].make()));
  }

  /** RFC 7638: the members that Node exports are the required ones. */
  get thumbprint(): string {
    const required = JSON.stringify(this.publicJwk, Object.keys(this.publicJwk).sort());
    return createHash('sha256').update(required).digest('base64url');
  }

  /** What a client sends in the `DPoP` header. */
  async prove(request: ProofRequest): Promise<string> {
    const { method, uri, accessToken, at, jti, header, claims } = request;
    const usual = {
      jti: jti ?? crypto.randomUUID(),
      htm: method,
      htu: uri.replace(/[?#].*$/s, ''),
      iat: Math.floor(at.getTime() / 1000),
      ath: accessToken == null ? undefined : createHash('sha256').update(accessToken).digest('base64url'),
    };
    return this.sign(
      JSON.stringify({ typ: 'dpop+jwt', alg: this.algorithm, jwk: this.publicJwk, ...header }),
      JSON.stringify({ ...usual, ...claims }),
    );
  }

  /** A compact JWS of exactly these texts, JSON or not. */
  sign(header: string, payload: string): string {
    return this.signText([header, payload].map((part) => Buffer.from(part).toString('base64url')).join('.'));
  }

  /** Appends the signature to any text. */
  signText(text: string): string {
    const { hash, form } = KINDS[this.algorithm];
    const signature = sign(hash, Buffer.from(text), { key: this.privateKey, ...form });
    return `${text}.${signature.toString('base64url')}`;
  }
}

function newEcKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding, privateKeyEncoding }).privateKey;
}

function newEdKey(): string {
  return generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding }).privateKey;
}

function newRsaKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding })
    .privateKey;
}
