import { verify, type KeyObject } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/errors';
import { checkString, signedFields } from './check-string';
import type { InitDataRefusal } from './init-data-refusals';
import type { InitDataFields } from './parse-init-data';

/**
 * Checks that Telegram itself made these fields for this bot. Says nothing about their age or content.
 * The value is the Ed25519 signature, 64 bytes.
 *
 * @param botId of the bot that is configured or allow-listed: a bot id that the client chose proves nothing
 * @see https://core.telegram.org/bots/webapps#validating-data-for-third-party-use
 */
export function checkInitDataSignature(
  fields: InitDataFields,
  botId: string,
  publicKey: KeyObject,
): Result<Buffer, InitDataRefusal> {
  const text = fields.get('signature');
  if (!text) return refused('init_data.signature_missing');
  const signature = decodeSignature(text);
  if (!signature) return refused('init_data.signature_malformed');

  const signed = Buffer.from(`${botId}:WebAppData\n${checkString(signedFields(fields))}`, 'utf8');
  return verify(null, signed, publicKey, signature)
    ? accepted(signature)
    : refused('init_data.signature_mismatch');
}

/** The last of 86 characters has four unused bits; only the spelling with zeros is accepted. */
function decodeSignature(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9_-]{86}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
