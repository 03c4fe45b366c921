export {
  authMethods,
  openweb3Preset,
  loadThirdPartySignIn,
  authEvents,
  loginWidgetSettings,
} from './auth.feature';
export { doorsInUse, signInDoors } from './all-doors';
export { authError, contactError, initDataError } from './auth.errors';
export { AuthModule } from './auth.module';
export {
  accepted,
  proofPurposes,
  SIGN_IN,
  type Door,
  type DoorClass,
  type DoorDeclaration,
  type ExplainedDoor,
  type PastedProof,
  type Presentation,
  type ProofPurpose,
  type VerifiedSignIn,
} from './doors/door';
export { DoorChecks, SignInGuard, SignsIn, TakesProof, Verified } from './doors/sign-in-route';
export { doorCodes, signInCodes, consumingCodes } from './doors/door';
export {
  pastedQuery,
  exampleBodies,
  readSignIn,
  type BodyDoorClass,
  type BodyDoorDeclaration,
} from './doors/proof-in-body';
export { serviceOf } from './strategies/service-of';
export {
  defineReferralCode,
  EXAMPLE_APPLICATION_ID,
  SignInRequest,
  TakesReferralCode,
} from './doors/sign-in-request';
export { browserCookie, readBrowserCookie } from './oidc/oidc-sign-in.service';
export { RedirectCodes } from './exchange/redirect-codes';
export { assertNotOutdated, isOutdated } from './proof/verified-proof';
export { PresentedProofs, presentedCodes, ProofRequest } from './presented-proofs';
export { ProofsRepository } from './replay/proofs.repository';
export { ProofConsumption } from './replay/proof-consumption';
export { ProofUpkeep } from './replay/proofs-account-data';
export { neededFields, proofIdOf } from './proof/verified-proof';
export { TelegramInitDataDoor } from './telegram/init-data.doors';
export { proofOfInitData, TelegramKeys } from './telegram/init-data-verifier';
export { SignInResponse } from './dto/sign-in.response';
export { NewUsers } from './sign-in/new-users';
export { OpensOnPages, PageSignIns, type SignInPage } from './sign-in/page-sign-ins';
export { FirstProofs } from './sign-in/sign-in-openings';
export {
  HooksIntoSignIn,
  oneByOne,
  type NewSignIn,
  type SignInHook,
  type SignInHookDeclaration,
} from './sign-in/sign-in-hooks';
export { SignInService } from './sign-in/sign-in.service';
export { LoginWidgetDoor } from './telegram/login-widget.door';
export { botNameOf, isOfAllowedBot, profileOf, trailOf, type VerifiedProof } from './proof/verified-proof';
