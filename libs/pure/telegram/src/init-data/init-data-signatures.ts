import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/errors';
import type { Verification } from '@countersign/signatures';
import { decodeHex, decodeBase64 } from '@countersign/text';
import type { InitDataFields } from './parse-init-data';
import type { InitDataRefusal } from './init-data-refusals';

type Field = readonly [name: string, value: string];

/** The fields that an Ed25519 signature covers (all but `hash` and `signature`), ordered by name. */
export function signedFields(fields: InitDataFields): readonly Field[] {
  const covered: Field[] = [];
  for (const field of fields) if (field[0] !== 'hash' && field[0] !== 'signature') covered.push(field);
  return covered.sort(byName);
}

/**
 * The fields that the hash covers: all but `hash`, ordered by name. `signature` is one of them, even an empty
 * one.
 */
export function hashedFields(fields: InitDataFields): readonly Field[] {
  const covered: Field[] = [];
  for (const field of fields) if (field[0] !== 'hash') covered.push(field);
  return covered.sort(byName);
}

/** `name=value` lines. Names without `=` and values without line feeds make it unambiguous. */
function checkString(fields: readonly Field[]): string {
  let lines = '';
  for (const [name, value] of fields) lines += `${lines && '\n'}${name}=${value}`;
  return lines;
}

/** By code unit: an order by locale would differ from Telegram's. */
function byName([one]: Field, [other]: Field): number {
  return one < other ? -1 : 1;
}

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

/**
 * The Ed25519 keys under which Telegram signs init data, in hex, one for each of its two environments.
 *
 * @see https://core.telegram.org/bots/webapps#validating-data-for-third-party-use
 */
export const TELEGRAM_KEYS = {
  production: 'e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d',
  test: '40055058a4ee38156a06562e52eece92a771bcd8346a8c4615cb7376eddf72ec',
} as const;

/**
 * Checks that Telegram itself made these fields for this bot. Says nothing about their age or content.
 * The value is the Ed25519 signature, 64 bytes.
 *
 * @param botId of the bot that is configured or allow-listed: a bot id that the client chose proves nothing
 * @see https://core.telegram.org/bots/webapps#validating-data-for-third-party-use
 */
export function* checkInitDataSignature<Key>(
  fields: InitDataFields,
  botId: string,
  key: Key,
): Verification<Key, Uint8Array, InitDataRefusal> {
  const encoded = fields.get('signature');
  if (!encoded) return refused('init_data.signature_missing');
  const signature = /^[\w-]{86}$/.test(encoded) ? decodeBase64(encoded) : undefined;
  if (!signature) return refused('init_data.signature_malformed');

  const isRight = yield { key, text: `${botId}:WebAppData\n${checkString(signedFields(fields))}`, signature };
  return isRight ? accepted(signature) : refused('init_data.signature_mismatch');
}
