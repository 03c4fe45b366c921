import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** In bytes. */
export const EMPTY_BOX_BYTES = NONCE_BYTES + TAG_BYTES;

/** AES-256-GCM (NIST SP 800-38D): random 96-bit nonce, ciphertext, tag. At most 2^32 boxes per key (section 8.3). */
export function encrypt(key: KeyObject | Buffer, plaintext: Buffer, associatedData: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Null when the box does not authenticate. The plaintext has its own memory: a caller can overwrite a secret. */
export function decrypt(key: KeyObject | Buffer, box: Buffer, associatedData: Buffer): Buffer | null {
  if (box.length < EMPTY_BOX_BYTES) return null;
  const tagStart = box.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key, box.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associatedData);
  decipher.setAuthTag(box.subarray(tagStart));
  const plaintext = decipher.update(box.subarray(NONCE_BYTES, tagStart));
  try {
    // GCM has no last block.
    decipher.final();
    return plaintext;
  } catch {
    plaintext.fill(0);
    return null;
  }
}
