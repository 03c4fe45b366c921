export { extendKeyRing, generateKeyRing, KEY_PURPOSES, parseKeyRingDocument } from '@countersign/crypto';
