/** Every rule that a DPoP proof can fail, by code, with its title and remedy. Codes are public contract. */
export const dpopRefusals = {
  'dpop.too_long': 'The proof is longer than 8 KiB. Put nothing into the proof but what RFC 9449 asks for.',
  'dpop.malformed':
    'The proof is not a well-formed compact JWS. Send one JWT: three parts in base64url without padding, JSON that names each member once.',
  'dpop.critical_header':
    'The header asks for an extension that is not known. Leave `crit` out of the header.',
  'dpop.type_mismatch':
    'The header says that this is another kind of token. Set `typ` to `dpop+jwt`, in these letters.',
  'dpop.algorithm_refused':
    'The signing algorithm is not accepted. Sign with one of the algorithms in `algs` of the `WWW-Authenticate` header.',
  'dpop.private_key':
    'The header holds a private key. Make a new key, and put only its public half into `jwk`.',
  'dpop.key_refused':
    'The header holds no public key that its algorithm can use. Send the key as `jwk` in its one spelling: P-256, Ed25519, or RSA of 2048 to 4096 bits.',
  'dpop.claims_invalid':
    'A claim is missing or has a type that it cannot have. Send `jti` (1 to 256 printable characters), `htm`, `htu` and, in Unix seconds, `iat`.',
  'dpop.method_mismatch':
    'The proof is for another method. Make a proof for each request, with its method in `htm`.',
  'dpop.uri_mismatch':
    'The proof is for another address. Make a proof for each request, with its absolute URL in `htu`, without query and fragment.',
  'dpop.token_mismatch':
    'The proof is for another access token. Put the SHA-256 of the access token that goes with the proof into `ath`, in base64url.',
  'dpop.too_old': 'The proof is too old. Make a new proof, dated by the `Date` header of this answer.',
  'dpop.in_future':
    'The date of the proof lies in the future. Make a new proof, dated by the `Date` header of this answer.',
  'dpop.signature_invalid':
    'The signature does not match the proof. Sign with the key whose public half is the `jwk` of the header.',
};

export type DpopRefusal = keyof typeof dpopRefusals;
