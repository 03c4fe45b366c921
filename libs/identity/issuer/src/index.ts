import './issuer.feature';

export { audienceOf } from './audience';
export { AddsIdentityClaims, type IdentityClaimSource } from './tokens/identity-claim-sources';
export { IdentityKeyUpkeep } from './keys/identity-key-upkeep';
export { IdentityKeys, type ListedIdentityKey } from './keys/identity-keys';
export { IdentityTokens, proofClaimsOf } from './tokens/identity-tokens';
export { IssuerModule } from './issuer.module';
export type { MintedToken } from './tokens/minted-token';
export { IDENTITY_TOKEN_TYPE } from './tokens/token-signer';
