import { accepted, refused } from '@countersign/errors';
import type { Verification } from '@countersign/signatures';
import { decodeBase64 } from '@countersign/text';
import { checkString, signedFields } from './check-string';
import type { InitDataRefusal } from './init-data-refusals';
import type { InitDataFields } from './parse-init-data';

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
