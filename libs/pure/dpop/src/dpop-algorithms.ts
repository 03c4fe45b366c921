/**
 * The accepted signature algorithms, the best first: the order of `algs` in a challenge and of
 * `dpop_signing_alg_values_supported`. All of them are asymmetric (RFC 9449, section 11.6), and verify in
 * less than a millisecond. `EdDSA` is the older name of `Ed25519` (RFC 9864).
 */
export const DPOP_ALGORITHMS = ['ES256', 'Ed25519', 'EdDSA', 'PS256', 'RS256'] as const;

export type DpopAlgorithm = (typeof DPOP_ALGORITHMS)[number];
