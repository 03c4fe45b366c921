export { Authenticated, bearerTokenOf, Caller, sessionErrorCodes, SessionGuard } from './authenticated';
export { forCaller } from './caller-gone';
export type { SessionPolicy } from './deadlines';
export { OwnSessionsService } from './own-sessions.service';
export { RefreshService, type RefreshedSession, type SessionCheck } from './refresh.service';
export {
  assurances,
  endOf,
  isAtLeast,
  type Assurance,
  type EndReason,
  type Principal,
  type Session,
  type TokenPair,
} from './session';
export { SessionAuthenticator } from './session-authenticator';
export { sessionError } from './session.errors';
export { openPair, sealPair } from './session-tokens';
export { SessionMerging } from './session-merging';
export { SessionUpkeep } from './session-upkeep';
export { SessionsModule } from './sessions.module';
export {
  SessionsService,
  SESSIONS_PER_USER_AND_APPLICATION,
  STEP_UP_SECONDS,
  type IssuedPair,
  type SessionDraft,
} from './sessions.service';
export { SlideWriter } from './slide-writer';
