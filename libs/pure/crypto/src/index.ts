export { blindIndexes, fieldBlindIndexes, type BlindIndex } from './blind-index';
export { equalsConstantTime } from './constant-time';
export { createDataKey, isDataKeyId, rewrapDataKey, unwrapDataKey, type DataKey } from './data-key';
export { openToken, openUnder, sealToken, sealUnder, type SealedBytes } from './derived-seal';
export { open, openBytes, seal, sealBytes, type AssociatedData, type Sealed } from './envelope';
export { expandSha256, lengthPrefixed, sha256 } from './hash';
export {
  extendKeyRing,
  generateKeyRing,
  KeyRing,
  keyCheckValue,
  KEY_PURPOSES,
  parseKeyRingDocument,
  type RingKey,
  type KeyPurpose,
  type KeyRingDocument,
} from './keys/key-ring';
export { deriveMacKey, macOf, type MacKey } from './keys/mac-key';
export { decodeToken, mintToken, readToken, tokenDigest } from './opaque-token';
export { sealedJson, sealedText } from './sealed-column';
export { SealError, unlessSealed } from './seal-error';
