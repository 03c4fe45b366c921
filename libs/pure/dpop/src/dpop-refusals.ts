interface DpopRefusalDefinition {
  /** One short sentence for people, the same at every occurrence. */
  readonly title: string;
  /** Possession of the key was not proven. */
  readonly kind: 'unauthenticated';
  /** What the client can do about it. */
  readonly remedy: string;
}

/** Every rule that a DPoP proof can fail, named by its code. Codes are public contract. */
export const dpopRefusals = {
  'dpop.too_long': {
    kind: 'unauthenticated',
    title: 'The proof is longer than 8 KiB',
    remedy: 'Put nothing into the proof but what RFC 9449 asks for.',
  },
  'dpop.malformed': {
    kind: 'unauthenticated',
    title: 'The proof is not a well-formed compact JWS',
    remedy: 'Send one JWT: three parts in base64url without padding, JSON that names each member once.',
  },
  'dpop.critical_header': {
    kind: 'unauthenticated',
    title: 'The header asks for an extension that is not known',
    remedy: 'Leave `crit` out of the header.',
  },
  'dpop.type_mismatch': {
    kind: 'unauthenticated',
    title: 'The header says that this is another kind of token',
    remedy: 'Set `typ` to `dpop+jwt`, in these letters.',
  },
  'dpop.algorithm_refused': {
    kind: 'unauthenticated',
    title: 'The signing algorithm is none of those that are accepted',
    remedy: 'Sign with an algorithm that `algs` in the `WWW-Authenticate` header lists.',
  },
  'dpop.private_key': {
    kind: 'unauthenticated',
    title: 'The header holds a private key',
    remedy: 'That key is known to others now: make a new one, and put only its public half into `jwk`.',
  },
  'dpop.key_refused': {
    kind: 'unauthenticated',
    title: 'The header holds no public key that its algorithm can use',
    remedy: 'Send the key as `jwk` in its one spelling: P-256, Ed25519, or RSA of 2048 to 4096 bits.',
  },
  'dpop.claims_invalid': {
    kind: 'unauthenticated',
    title: 'A claim is missing or has a type that it cannot have',
    remedy: 'Send `jti` (1 to 256 printable characters), `htm`, `htu` and, in Unix seconds, `iat`.',
  },
  'dpop.method_mismatch': {
    kind: 'unauthenticated',
    title: 'The proof is for another method',
    remedy: 'Make a proof for each request, with its method in `htm`.',
  },
  'dpop.uri_mismatch': {
    kind: 'unauthenticated',
    title: 'The proof is for another address',
    remedy: 'Make a proof for each request, with its absolute URL in `htu`, without query and fragment.',
  },
  'dpop.token_mismatch': {
    kind: 'unauthenticated',
    title: 'The proof is for another access token',
    remedy: 'Put the SHA-256 of the access token that goes with the proof into `ath`, in base64url.',
  },
  'dpop.nonce_stale': {
    kind: 'unauthenticated',
    title: 'The nonce in the proof is not or no longer in use',
    remedy: 'Make a new proof with the nonce from the `DPoP-Nonce` header of this answer.',
  },
  'dpop.too_old': {
    kind: 'unauthenticated',
    title: 'The proof is too old',
    remedy:
      'Make a new proof; with the nonce from `DPoP-Nonce` in it, the clock of the device does not matter.',
  },
  'dpop.in_future': {
    kind: 'unauthenticated',
    title: 'The date of the proof lies in the future',
    remedy:
      'Make a new proof; with the nonce from `DPoP-Nonce` in it, the clock of the device does not matter.',
  },
  'dpop.signature_invalid': {
    kind: 'unauthenticated',
    title: 'The signature does not match the proof',
    remedy: 'Sign with the key whose public half is the `jwk` of the header.',
  },
} as const satisfies Record<`dpop.${string}`, DpopRefusalDefinition>;

/** The code of the rule that a proof failed. */
export type DpopRefusal = keyof typeof dpopRefusals;
