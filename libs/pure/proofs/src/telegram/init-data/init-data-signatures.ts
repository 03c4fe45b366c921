import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { accepted, decodeBase64, decodeHex, refused, type Result } from '@countersign/text';
import type { SignatureTest } from '../../signatures/is-right';
import type { InitDataFields } from './parse-init-data';
import type { InitDataRefusal } from './init-data-refusals';

type Field = readonly [name: string, value: string];

/** The fields under the Ed25519 signature: all but `hash` and `signature`, ordered by name. */
export function signedFields(fields: InitDataFields): readonly Field[] {
  return hashedFields(fields).filter(([name]) => name !== 'signature');
}

/** The fields under the hash: all but `hash`, ordered by name. They include `signature`, even an empty one. */
export function hashedFields(fields: InitDataFields): readonly Field[] {
  // By code unit: an order by locale would differ from Telegram's.
  return [...fields].filter(([name]) => name !== 'hash').sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Names without `=` and values without line feeds make these lines unambiguous. */
function checkString(fields: readonly Field[]): string {
  return fields.map(([name, value]) => `${name}=${value}`).join('\n');
}

/**
 * HMAC-SHA256 of the bot's token under the key `WebAppData`. Cache it: deriving it costs as much as a check.
 * @see https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
 * @throws RangeError for an empty token
 */
export function deriveInitDataKey(botToken: string): KeyObject {
  if (botToken === '') throw new RangeError('a bot token must not be empty');
  return createSecretKey(createHmac('sha256', 'WebAppData').update(botToken).digest());
}

/** Checks with any of the keys that an owner of the bot's token made the fields. The value is the hash, 32 bytes. */
export function checkInitDataHash<Key>(
  fields: InitDataFields,
  keys: readonly Key[],
  test: SignatureTest<Key>,
): Result<Uint8Array, InitDataRefusal> {
  const hash = fields.get('hash');
  if (!hash) return refused('init_data.hash_missing');
  if (!/^[0-9a-f]{64}$/.test(hash)) return refused('init_data.hash_malformed');

  const signature = decodeHex(hash);
  const text = checkString(hashedFields(fields));
  const isRight = keys.some((key) => test({ key, text, signature }));
  return isRight ? accepted(signature) : refused('init_data.hash_mismatch');
}

/**
 * Telegram's Ed25519 keys for init data, in hex, one for each of its two environments.
 * @see https://core.telegram.org/bots/webapps#validating-data-for-third-party-use
 */
export const TELEGRAM_KEYS = {
  production: 'e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d',
  test: '40055058a4ee38156a06562e52eece92a771bcd8346a8c4615cb7376eddf72ec',
} as const;

export interface InitDataSigner<Key> {
  /** From configuration, or from a list of trusted bots: a bot id that the client chose proves nothing. */
  readonly botId: string;
  readonly publicKey: Key;
}

/**
 * Checks that Telegram made these fields for this bot. The value is the Ed25519 signature, 64 bytes.
 * @see https://core.telegram.org/bots/webapps#validating-data-for-third-party-use
 */
export function checkInitDataSignature<Key>(
  fields: InitDataFields,
  { botId, publicKey: key }: InitDataSigner<Key>,
  test: SignatureTest<Key>,
): Result<Uint8Array, InitDataRefusal> {
  const encoded = fields.get('signature');
  if (!encoded) return refused('init_data.signature_missing');
  const signature = /^[\w-]{86}$/.test(encoded) ? decodeBase64(encoded) : undefined;
  if (!signature) return refused('init_data.signature_malformed');

  const text = `${botId}:WebAppData\n${checkString(signedFields(fields))}`;
  return test({ key, text, signature }) ? accepted(signature) : refused('init_data.signature_mismatch');
}
