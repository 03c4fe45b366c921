export { IdentityKeyResponse } from './admin/dto/identity-key.response';
export { audienceOf } from './audience';
export { JWKS_MAX_AGE_SECONDS, type IdentityKey } from './identity-key';
export { IdentityKeyUpkeep } from './identity-key-upkeep';
export { IdentityKeys, type ListedIdentityKey } from './identity-keys';
export { IdentityTokens, proofClaimsOf } from './identity-tokens';
export { IssuerModule } from './issuer.module';
export { IDENTITY_TOKEN_TYPE } from './token-signer';
