import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { Refused } from '@countersign/custody-protocol';

const CURVE = 'prime256v1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;

/**
 * Seals to a P-256 public key: ECDH, HKDF-SHA256 without salt, AES-256-GCM. @returns base64url: the public half of a
 * one-time key, and ciphertext with tag as `box` @throws Refused `malformed` if `publicKey` is no point of the curve
 */
export function sealTo(
  publicKey: string,
  context: string,
  secret: Buffer,
): Readonly<Record<'sender' | 'nonce' | 'box', string>> {
  const ecdh = createECDH(CURVE);
  const sender = ecdh.generateKeys();
  let shared;
  try {
    shared = ecdh.computeSecret(Buffer.from(publicKey, 'hex'));
  } catch {
    throw new Refused('malformed');
  }
  const key = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), context, KEY_BYTES));
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const box = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  for (const bytes of [shared, key]) bytes.fill(0);
  return {
    sender: sender.toString('base64url'),
    nonce: nonce.toString('base64url'),
    box: box.toString('base64url'),
  };
}
