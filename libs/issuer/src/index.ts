export { audienceOf } from './audience';
export {
  JWKS_MAX_AGE_SECONDS,
  PUBLISH_AHEAD_SECONDS,
  type IdentityKey,
  type IdentityKeyAlgorithm,
  type IdentityKeyState,
} from './identity-key';
export { IdentityKeyUpkeep } from './identity-key-upkeep';
export { IdentityKeys, type ListedIdentityKey } from './identity-keys';
export { IdentityTokens, proofClaimsOf } from './identity-tokens';
export { issuerError } from './issuer.errors';
export { IssuerModule } from './issuer.module';
export { IDENTITY_TOKEN_TYPE, type IdentityClaims } from './token-signer';
