export { signedFields } from './init-data/check-string';
export { contactRefusals, verifyContact } from './contact/verify-contact';
export { verifyIdToken, type IdTokenPolicy, type VerifiedIdToken } from './id-token/id-token';
export { type IdTokenProfile } from './id-token/id-token-profile';
export { idTokenRefusals } from './id-token/id-token-refusals';
export { deriveInitDataKey } from './init-data/init-data-hash';
export { initDataRefusals, thirdPartyInitDataRefusals } from './init-data/init-data-refusals';
export { TELEGRAM_KEYS } from './init-data/init-data-signature';
export { type InitDataUser } from './init-data/init-data-user';
export { ID_TOKEN_ALGORITHMS, parseJwks, type IdTokenKeys } from './id-token/jwks';
export { MAX_LOGIN_WIDGET_BYTES, type LoginWidgetInput } from './login-widget/login-widget-fields';
export { loginWidgetRefusals } from './login-widget/login-widget-refusals';
export { MAX_INIT_DATA_BYTES, type InitDataFields } from './init-data/parse-init-data';
export { normalizePhoneNumber } from './contact/phone-number';
export { type InitData } from './init-data/read-init-data';
export { publicKeyFromHex, telegramPublicKeys } from './telegram-public-keys';
export { initDataVerification, verifyInitData } from './init-data/verify-init-data';
export {
  deriveLoginWidgetKey,
  loginWidgetVerification,
  verifyLoginWidget,
  type LoginWidgetUser,
} from './login-widget/verify-login-widget';
export { verifyFlatInitData } from './init-data/verify-flat-init-data';
export {
  thirdPartyInitDataVerification,
  verifyThirdPartyInitData,
} from './init-data/verify-third-party-init-data';
