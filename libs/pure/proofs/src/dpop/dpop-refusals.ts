/** Every rule that a DPoP proof can fail, by code. Codes are public contract. */
export const dpopRefusals = {
  'dpop.too_long': {
    title: 'The proof is longer than 8 KiB',
    remedy: 'Put nothing into the proof but what RFC 9449 asks for.',
  },
  'dpop.malformed': {
    title: 'The proof is not a well-formed compact JWS',
    remedy: 'Send one JWT: three parts in base64url without padding, JSON that names each member once.',
  },
  'dpop.critical_header': {
    title: 'The header asks for an extension that is not known',
    remedy: 'Leave `crit` out of the header.',
  },
  'dpop.type_mismatch': {
    title: 'The header says that this is another kind of token',
    remedy: 'Set `typ` to `dpop+jwt`, in these letters.',
  },
  'dpop.algorithm_refused': {
    title: 'The signing algorithm is none of those that are accepted',
    remedy: 'Sign with an algorithm that `algs` in the `WWW-Authenticate` header lists.',
  },
  'dpop.private_key': {
    title: 'The header holds a private key',
    remedy: 'Make a new key, and put only its public half into `jwk`.',
  },
  'dpop.key_refused': {
    title: 'The header holds no public key that its algorithm can use',
    remedy: 'Send the key as `jwk` in its one spelling: P-256, Ed25519, or RSA of 2048 to 4096 bits.',
  },
  'dpop.claims_invalid': {
    title: 'A claim is missing or has a type that it cannot have',
    remedy: 'Send `jti` (1 to 256 printable characters), `htm`, `htu` and, in Unix seconds, `iat`.',
  },
  'dpop.method_mismatch': {
    title: 'The proof is for another method',
    remedy: 'Make a proof for each request, with its method in `htm`.',
  },
  'dpop.uri_mismatch': {
    title: 'The proof is for another address',
    remedy: 'Make a proof for each request, with its absolute URL in `htu`, without query and fragment.',
  },
  'dpop.token_mismatch': {
    title: 'The proof is for another access token',
    remedy: 'Put the SHA-256 of the access token that goes with the proof into `ath`, in base64url.',
  },
  'dpop.too_old': {
    title: 'The proof is too old',
    remedy: 'Make a new proof, dated by the `Date` header of this answer.',
  },
  'dpop.in_future': {
    title: 'The date of the proof lies in the future',
    remedy: 'Make a new proof, dated by the `Date` header of this answer.',
  },
  'dpop.signature_invalid': {
    title: 'The signature does not match the proof',
    remedy: 'Sign with the key whose public half is the `jwk` of the header.',
  },
} as const satisfies Record<`dpop.${string}`, { title: string; remedy: string }>;

export type DpopRefusal = keyof typeof dpopRefusals;
