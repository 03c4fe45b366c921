export { dpopRefusals } from './dpop/dpop-refusals';
export { DPOP_ALGORITHMS, verifyDpopProof, type DpopProof } from './dpop/verify-dpop-proof';
export { isInFuture, readLinkAge } from './rapidpace/link-age';
export { parsePlayerBody } from './rapidpace/parse-player-body';
export { parseRedirectQuery } from './rapidpace/parse-redirect-query';
export {
  isCampaignParameter,
  deriveRapidpaceKey,
  signRecord,
  type RapidpaceRecord,
} from './rapidpace/rapidpace-record';
export * from './rapidpace/rapidpace-refusals';
export { checkRecord, verifyRecord, type VerifiedRapidpacePlayer } from './rapidpace/verify-record';
export { type SignatureCheck, type SignatureTest } from './signatures/is-right';
export { signedFields, deriveInitDataKey, TELEGRAM_KEYS } from './telegram/init-data/init-data-signatures';
export { publicKeyFromHex, telegramPublicKeys } from './telegram/telegram-public-keys';
export { contactRefusals, verifyContact, normalizePhoneNumber } from './telegram/contact/verify-contact';
export { verifyIdToken, type VerifiedIdToken } from './telegram/id-token/id-token';
export type { IdTokenProfile } from './telegram/id-token/id-token-claims';
export { idTokenRefusals } from './telegram/id-token/id-token-refusals';
export { initDataRefusals } from './telegram/init-data/init-data-refusals';
export type { InitDataUser } from './telegram/init-data/read-init-data';
export { ID_TOKEN_ALGORITHMS, parseJwks, type IdTokenKeys } from './telegram/id-token/jwks';
export {
  MAX_LOGIN_WIDGET_BYTES,
  loginWidgetRefusals,
  type LoginWidgetInput,
} from './telegram/login-widget/login-widget-fields';
export { MAX_INIT_DATA_BYTES } from './telegram/init-data/parse-init-data';
export { checkInitData, verifyInitData, type VerifiedInitData } from './telegram/init-data/verify-init-data';
export * from './telegram/login-widget/verify-login-widget';
export { verifyFlatInitData } from './telegram/init-data/verify-flat-init-data';
