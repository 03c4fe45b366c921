import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/errors';
import type { Verification } from '@countersign/signatures';
import { decodeHex } from '@countersign/text';
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
export function* checkInitDataHash<Key>(
  fields: InitDataFields,
  key: Key,
): Verification<Key, Uint8Array, InitDataRefusal> {
  const hash = fields.get('hash');
  if (!hash) return refused('init_data.hash_missing');
  if (!/^[0-9a-f]{64}$/.test(hash)) return refused('init_data.hash_malformed');

  const signature = decodeHex(hash);
  const isRight = yield { key, text: checkString(hashedFields(fields)), signature };
  return isRight ? accepted(signature) : refused('init_data.hash_mismatch');
}

/** As {@link checkInitDataHash}, with any of the keys. */
export function* checkHashWithAny<Key>(
  fields: InitDataFields,
  keys: readonly Key[],
): Verification<Key, Uint8Array, InitDataRefusal> {
  let last: Result<Uint8Array, InitDataRefusal> = refused('init_data.hash_mismatch');
  for (const key of keys) {
    last = yield* checkInitDataHash(fields, key);
    if (last.ok) return last;
  }
  return last;
}
