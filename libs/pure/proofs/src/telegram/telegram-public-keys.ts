import { createPublicKey, type KeyObject } from 'node:crypto';
import { TELEGRAM_KEYS } from './init-data/init-data-signatures';

/** An Ed25519 public key from its 32 bytes in hex. @throws RangeError for anything but 64 hex digits */
export function publicKeyFromHex(hex: string): KeyObject {
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new RangeError('an Ed25519 public key has 64 hex digits');
  const x = Buffer.from(hex, 'hex').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** {@link TELEGRAM_KEYS} as keys. */
export const telegramPublicKeys: Readonly<Record<'production' | 'test', KeyObject>> = {
  production: publicKeyFromHex(TELEGRAM_KEYS.production),
  test: publicKeyFromHex(TELEGRAM_KEYS.test),
};
