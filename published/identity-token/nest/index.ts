export { identityCallerOf, IdentityCaller } from './identity-caller';
export { IdentityTokenGuard } from './identity-token.guard';
export { IdentityTokenModule } from './identity-token.module';
export { RequireAssurance } from './require-assurance';
export { RequireScopes } from './require-scopes';
export { RequireTeamRole } from './require-team-role';
