export { Authenticated, bearerTokenOf, Caller, SessionGuard } from './authenticated';
export type { SessionPolicy } from './deadlines';
export { OwnSessionsService } from './own-sessions.service';
export { RefreshService, type RefreshedSession, type SessionCheck } from './refresh.service';
export {
  assurances,
  endOf,
  type Assurance,
  type EndReason,
  type Principal,
  type Session,
  type TokenPair,
} from './session';
export { SessionAuthenticator } from './session-authenticator';
export { sessionError } from './session.errors';
export { openPair, sealPair } from './session-tokens';
export { SessionUpkeep } from './session-upkeep';
export { SessionsModule } from './sessions.module';
export {
  SessionsService,
  SESSIONS_PER_USER_AND_APPLICATION,
  type IssuedPair,
  type SessionDraft,
} from './sessions.service';
export { SlideWriter } from './slide-writer';
