import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/errors';
import { checkString, hashedFields } from './check-string';
import type { InitDataRefusal } from './init-data-refusals';
import type { InitDataFields } from './parse-init-data';

/**
 * The HMAC key that Telegram derives from a bot's token: HMAC-SHA256 of the token under the key `WebAppData`.
 * Worth caching: deriving it costs as much as the check itself.
 *
 * @see https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
 * @throws RangeError for an empty token, whose key is no secret
 */
export function deriveInitDataKey(botToken: string): KeyObject {
  if (botToken === '') throw new RangeError('a bot token must not be empty');
  return createSecretKey(createHmac('sha256', 'WebAppData').update(botToken).digest());
}

/**
 * Checks that a holder of the bot's token made these fields. Does not check their age or content. The value
 * is the hash, 32 bytes.
 */
export function checkInitDataHash(fields: InitDataFields, key: KeyObject): Result<Buffer, InitDataRefusal> {
  const hash = fields.get('hash');
  if (!hash) return refused('init_data.hash_missing');
  if (!/^[0-9a-f]{64}$/.test(hash)) return refused('init_data.hash_malformed');

  const claimed = Buffer.from(hash, 'hex');
  const actual = createHmac('sha256', key)
    .update(checkString(hashedFields(fields)))
    .digest();
  return timingSafeEqual(claimed, actual) ? accepted(claimed) : refused('init_data.hash_mismatch');
}
