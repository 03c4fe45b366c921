export type { IdentityToken } from './identity-token';
export { IdentityTokenError, type IdentityTokenErrorCode } from './identity-token-error';
export { createIdentityTokenVerifier, type IdentityTokenVerifier } from './identity-token-verifier';
export type { IdentityTokenAlgorithm, IdentityTokenAssurance, IdentityTokenOptions } from './options';
