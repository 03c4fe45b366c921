import './admin.feature';

export { AdminModule } from './admin.module';
export { IssuedSecretResponse } from './dto/principal-secret.dto';
export { CreatePrincipalRequest, PrincipalResponse } from './dto/principal.dto';
export { countUpTo } from './lists/count.repository';
export { ADMIN_PREFIX } from './routes/admin-controller';
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
export { AdminController } from './routes/admin-controller';
export { Caller } from './routes/admin-request';
export { CreatesOnce } from './routes/creates-once';
export { Operation } from './routes/operation';
// Whole, so that other modules can add to its interface.
export * from './scopes';
