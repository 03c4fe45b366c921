export { identityTokenSettings } from './issuer.feature';
export { AddsClaims, ExtendsIssuer } from './extends-issuer';
export { audienceOf, IdentityTokens, proofClaimsOf, IDENTITY_TOKEN_TYPE } from './tokens/identity-tokens';
export { IdTokenKeyEntity, IdTokenKeys, toJwk, type IdTokenKeySet } from './keys/id-token-keys';
export { IdentityKeys, type ListedIdentityKey } from './keys/identity-keys';
export { IssuerModule } from './issuer.module';
