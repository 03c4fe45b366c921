export { signedFields } from './check-string';
export { contactRefusals, type ContactRefusal } from './contact-refusals';
export { verifyIdToken, type IdTokenPolicy, type VerifiedIdToken } from './id-token';
export { type IdTokenAddress } from './id-token-claims';
export { MAX_ID_TOKEN_BYTES } from './id-token-jws';
export { type IdTokenProfile } from './id-token-profile';
export { idTokenRefusals, type IdTokenRefusal } from './id-token-refusals';
export { type InitDataAgePolicy, DEFAULT_MAX_SKEW_SECONDS } from './init-data-date';
export { checkInitDataHash, deriveInitDataKey } from './init-data-hash';
export { findInitDataMistake } from './init-data-mistakes';
export {
  initDataRefusals,
  thirdPartyInitDataRefusals,
  type InitDataRefusal,
  type InitDataRefusalDefinition,
} from './init-data-refusals';
export { checkInitDataSignature } from './init-data-signature';
export { type InitDataUser } from './init-data-user';
export {
  ID_TOKEN_ALGORITHMS,
  parseJwks,
  type IdTokenAlgorithm,
  type IdTokenKey,
  type IdTokenKeys,
} from './jwks';
export { loginWidgetFields, MAX_LOGIN_WIDGET_BYTES, type LoginWidgetInput } from './login-widget-fields';
export { loginWidgetRefusals, type LoginWidgetRefusal } from './login-widget-refusals';
export { MAX_INIT_DATA_BYTES, parseInitData, type InitDataFields } from './parse-init-data';
export { normalizePhoneNumber } from './phone-number';
export { readInitData, type InitData } from './read-init-data';
export { publicKeyFromHex, telegramPublicKeys, type TelegramPublicKeys } from './telegram-public-keys';
export { verifyContact, type Contact, type ContactPolicy, type VerifiedContact } from './verify-contact';
export {
  checkInitDataAuthenticity,
  verifyInitData,
  type AuthenticInitData,
  type InitDataProofPolicy,
  type InitDataSignaturePolicy,
  type InitDataVerificationPolicy,
  type VerifiedInitData,
} from './verify-init-data';
export {
  deriveLoginWidgetKey,
  verifyLoginWidget,
  type LoginWidgetPolicy,
  type LoginWidgetUser,
  type VerifiedLogin,
} from './verify-login-widget';
export {
  verifyThirdPartyInitData,
  type ThirdPartyInitDataPolicy,
  type VerifiedThirdPartyInitData,
} from './verify-third-party-init-data';
export { present } from './present';
