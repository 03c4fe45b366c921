/** The algorithms that Telegram signs id tokens with. */
export type FakeOidcAlgorithm = 'RS256' | 'ES256' | 'EdDSA' | 'ES256K';
