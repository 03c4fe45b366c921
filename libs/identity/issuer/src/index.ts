import './issuer.feature';

export { AddsClaims, ExtendsIssuer } from './extends-issuer';
export { audienceOf, IdentityTokens, proofClaimsOf } from './tokens/identity-tokens';
export { IdentityKeyUpkeep } from './keys/identity-key-upkeep';
export { IdentityKeys, type ListedIdentityKey } from './keys/identity-keys';
export type { OpenIdentityKey } from './keys/key-pairs';
export { IssuerModule } from './issuer.module';
export { IDENTITY_TOKEN_TYPE } from './tokens/token-signer';
