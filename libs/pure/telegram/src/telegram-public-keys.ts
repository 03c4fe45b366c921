import { createPublicKey, type KeyObject } from 'node:crypto';

interface TelegramPublicKeys {
  readonly production: KeyObject;
  readonly test: KeyObject;
}

/**
 * An Ed25519 public key from its 32 bytes in hex.
 *
 * @throws RangeError for anything but 64 hex digits
 */
export function publicKeyFromHex(hex: string): KeyObject {
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new RangeError('an Ed25519 public key has 64 hex digits');
  const x = Buffer.from(hex, 'hex').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/**
 * The keys under which Telegram signs init data, one for each of its two environments.
 *
 * @see https://core.telegram.org/bots/webapps#validating-data-for-third-party-use
 */
export const telegramPublicKeys: TelegramPublicKeys = {
  production: publicKeyFromHex('e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d'),
  test: publicKeyFromHex('40055058a4ee38156a06562e52eece92a771bcd8346a8c4615cb7376eddf72ec'),
};
