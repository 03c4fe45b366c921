export { adminEvents, adminScopes } from './admin.feature';
export { AdminModule } from './admin.module';
export { CreatePrincipalRequest, IssuedSecretResponse, PrincipalResponse } from './dto/principal.dto';
export { countUpTo } from './lists/count.repository';
export { PrincipalSessions } from './sessions/principal-sessions';
export type { ProviderPerson } from './sessions/provider-principals';
export {
  assertFromConsole,
  csrfTokenOf,
  notSignedOutCookie,
  readCookie,
  readSignedOut,
  sessionCookie,
} from './sessions/session-cookie';
export type { IssuedToken } from './principals/principal-tokens';
export { CountsFailures } from './principals/counts-failures';
export type { Principal } from './principals/principal';
export { PrincipalsService } from './principals/principals.service';
export { ADMIN_PREFIX, AdminController, CreatesOnce, Operation } from './routes/admin-controller';
export { AdminGuard, assertScope, Caller, DemandOf } from './routes/admin.guard';
export { defineScopes, scopesInUse } from './scopes';
