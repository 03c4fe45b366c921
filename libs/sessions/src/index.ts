export { AccountReach } from './account-reach';
export { Authenticated, Caller, sessionErrorCodes, SessionGuard } from './authenticated';
export { CallLimits } from './call-limits';
export { forCaller } from './caller-gone';
export { deviceKeyErrorCodes, dpopError } from './device-keys/device-key.errors';
export { DeviceKeys, type ShownProof } from './device-keys/device-keys';
export { DpopNonces } from './device-keys/dpop-nonces';
export type { SessionPolicy } from './deadlines';
export { grantedTo } from './granted';
export { OwnSessionsService } from './own-sessions.service';
export {
  RefreshService,
  type RefreshedSession,
  type SessionAdmission,
  type SessionCheck,
} from './refresh.service';
export {
  assurances,
  doorNames,
  endOf,
  isAtLeast,
  lastProofOf,
  toPrincipal,
  type Assurance,
  type DoorName,
  type EndReason,
  type Principal,
  type Session,
  type TokenPair,
} from './session';
export { credentialsOf, RequestAuthenticator, type Credentials } from './request-authenticator';
export { SessionAuthenticator, type Access } from './session-authenticator';
export { SessionEndingsInSteps } from './session-endings-in-steps';
export { sessionError } from './session.errors';
export { openAnsweredPair, openPair, sealAnsweredPair } from './session-tokens';
export { SessionMerging } from './session-merging';
export { SessionUpkeep } from './session-upkeep';
export { SessionsModule } from './sessions.module';
export {
  SessionsService,
  SESSIONS_PER_USER_AND_APPLICATION,
  STEP_UP_SECONDS,
  type IssuedPair,
  type OpenedSession,
  type SessionDraft,
  type SessionOpening,
} from './sessions.service';
export { SlideWriter } from './slide-writer';
export { TokenInspector, type InspectedToken } from './token-inspector';
