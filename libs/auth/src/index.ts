export {
  authError,
  contactError,
  doorErrorCodes,
  presentedProofCodes,
  rapidpaceError,
  spendingCodes,
} from './auth.errors';
export { AuthModule } from './auth.module';
export type { VerifiedSignIn } from './doors/door';
export { InitDataSignIn, ThirdPartyInitDataSignIn } from './doors/init-data-sign-in';
export { LoginWidgetSignIn } from './doors/login-widget-sign-in';
export { ExchangeRequest } from './exchange/exchange.door';
export { RedirectCodes } from './exchange/redirect-codes';
export { TelegramOidc } from './oidc/telegram-oidc';
export {
  AuthenticatedPerRequest,
  CurrentRequester,
  RequesterGuard,
} from './per-request/authenticated-per-request';
export { assertNotOutdated } from './proof/outdated';
export { PerRequestInitData, type Requester } from './per-request/per-request-init-data';
export { PresentedProof, PresentedProofs, type DoorPath } from './presented-proofs';
export { ProofSpending } from './replay/proof-spending';
export { ProofPairUpkeep } from './replay/proof-pair-upkeep';
export { ProofUpkeep } from './replay/proof-upkeep';
export { RapidpaceVerifier } from './rapidpace/rapidpace-verifier';
export { RedirectUpkeep } from './redirect-upkeep';
export { neededFields } from './proof/needed-fields';
export { TelegramKeys } from './telegram/telegram-keys';
export { FirstProofs } from './sign-in/first-proofs';
export { botNameOf, isOfAllowedBot, type VerifiedProof } from './proof/verified-proof';
