export { blindIndexes, fieldBlindIndexes, type BlindIndex } from './blind-index';
export { equalsConstantTime } from './constant-time';
export {
  createDataKey,
  createDataKeyUnder,
  isDataKeyId,
  moveDataKey,
  rewrapDataKey,
  unwrapDataKey,
  unwrapDataKeyUnder,
  type DataKey,
} from './data-key';
export { openUnder, openUnderBoth, sealUnder, sealUnderBoth, type SealedBytes } from './derived-seal';
export {
  open,
  openBytes,
  seal,
  sealBytes,
  type KeySource,
  type AssociatedData,
  type Sealed,
  type SealingKey,
} from './envelope';
export { lengthPrefixed, sha256 } from './hash';
export { extendKeyRing, generateKeyRing, KeyRing, keyCheckValue, type RingKey } from './keys/key-ring';
export {
  KEY_PURPOSES,
  KeyRingError,
  parseKeyRingDocument,
  type KeyListDocument,
  type KeyPurpose,
  type KeyRingDocument,
} from './keys/key-ring-document';
export { deriveMacKey, isMacOf, macOf, type MacKey } from './keys/mac-key';
export { decodeToken, mintToken, readToken, tokenDigest } from './opaque-token';
export type { RandomSource } from './random';
export { sealedJson, sealedText, type SealedColumn } from './sealed-column';
export { SealError, unlessSealed } from './seal-error';
