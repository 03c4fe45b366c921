export { sessionEvents, deviceKeySettings, sessionSettings } from './sessions.feature';
export { AccountAccess, type Access } from './access/session-authenticator';
export {
  Authenticated,
  Caller,
  InSession,
  OpenToInitData,
  sessionErrorCodes,
  CallerRule,
} from './access/authenticated';
export { operationsInUse, type SensitiveOperation } from './sensitive-operation';
export { CallLimits } from './access/call-limits';
export { deviceKeyErrorCodes, dpopError } from './session.errors';
export { DeviceKeys, type ShownProof } from './device-keys/device-keys';
export { OwnSessionsService } from './own/own-sessions.service';
export { SessionResponse } from './dto/session.response';
export { pairOf } from './rotation';
export { RefreshService, type SessionCheck } from './refresh.service';
export {
  ALLOWED_BOT,
  assurances,
  endOf,
  grantedTo,
  isShownAtLeast,
  shownAssuranceOf,
  toPrincipal,
  type Assurance,
  type Principal,
  type LockedSession,
  type Session,
  type ShownAssurance,
  type TokenPair,
} from './session';
export { credentialsOf, initDataIn, RequestAuthenticator } from './access/request-authenticator';
export {
  VerifiesRequests,
  type RequestCredentials,
  type ShownInitData,
} from './access/request-authenticator';
export { SessionEndingsInSteps } from './bulk/session-endings-in-steps';
export * from './session-words';
export { sessionError } from './session.errors';
export type { IssuedPair, UnopenedSession, SessionOpening } from './session-pairs';
export { SessionUpkeep } from './bulk/session-upkeep';
export { SessionsModule } from './sessions.module';
export { SessionsService, STEP_UP_SECONDS, type OpenedSession } from './sessions.service';
export { SlideWriter } from './memory/slide-writer';
export { TokenInspector, type InspectedToken } from './access/token-inspector';
export { REVOKED_CHANNEL } from './store/session-endings.repository';
export { ENDED_SESSION_DAYS } from './store/session.entity';
export { identityTokenSettings } from './identity-tokens/issuer.feature';
export { AddsClaims, ExtendsIssuer } from './identity-tokens/extends-issuer';
export {
  audienceOf,
  IdentityTokens,
  proofClaimsOf,
  IDENTITY_TOKEN_TYPE,
} from './identity-tokens/tokens/identity-tokens';
export {
  IdTokenKeyEntity,
  IdTokenKeys,
  toJwk,
  type IdTokenKeySet,
} from './identity-tokens/keys/id-token-keys';
export { IdentityKeys, type ListedIdentityKey } from './identity-tokens/keys/identity-keys';
export { IssuerModule } from './identity-tokens/issuer.module';
