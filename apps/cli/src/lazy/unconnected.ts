/** Of commands that need no database. */
export { extendKeyRing, generateKeyRing, KEY_PURPOSES, parseKeyRingDocument } from '@countersign/crypto';
