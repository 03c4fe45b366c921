export { signedFields, deriveInitDataKey, TELEGRAM_KEYS } from './init-data/init-data-signatures';
export { publicKeyFromHex, telegramPublicKeys } from './telegram-public-keys';
export { contactRefusals, verifyContact, normalizePhoneNumber } from './contact/verify-contact';
export { verifyIdToken, type IdTokenPolicy, type VerifiedIdToken } from './id-token/id-token';
export type { IdTokenProfile } from './id-token/id-token-claims';
export { idTokenRefusals } from './id-token/id-token-refusals';
export { initDataRefusals } from './init-data/init-data-refusals';
export type { InitDataUser } from './init-data/read-init-data';
export { ID_TOKEN_ALGORITHMS, parseJwks, type IdTokenKeys } from './id-token/jwks';
export {
  MAX_LOGIN_WIDGET_BYTES,
  loginWidgetRefusals,
  type LoginWidgetInput,
} from './login-widget/login-widget-fields';
export { MAX_INIT_DATA_BYTES } from './init-data/parse-init-data';
export { checkInitData, verifyInitData, type VerifiedInitData } from './init-data/verify-init-data';
export * from './login-widget/verify-login-widget';
export { verifyFlatInitData } from './init-data/verify-flat-init-data';
