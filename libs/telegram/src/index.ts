export { signedFields } from './check-string';
export { type InitDataAgePolicy, DEFAULT_MAX_SKEW_SECONDS } from './init-data-date';
export { checkInitDataHash, deriveInitDataKey } from './init-data-hash';
export { initDataRefusals, type InitDataRefusal, type InitDataRefusalDefinition } from './init-data-refusals';
export { checkInitDataSignature } from './init-data-signature';
export { type InitDataUser } from './init-data-user';
export { MAX_INIT_DATA_BYTES, parseInitData, type InitDataFields } from './parse-init-data';
export { readInitData, type InitData } from './read-init-data';
export { publicKeyFromHex, telegramPublicKeys, type TelegramPublicKeys } from './telegram-public-keys';
export {
  checkInitDataAuthenticity,
  verifyInitData,
  type AuthenticInitData,
  type InitDataProofPolicy,
  type InitDataSignaturePolicy,
  type InitDataVerificationPolicy,
  type VerifiedInitData,
} from './verify-init-data';
