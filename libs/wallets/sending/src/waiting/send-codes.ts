import { equalsConstantTime, lengthPrefixed, macOf } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';

const MAC_BYTES = 16;

/** `launch` confirms a send in the launch that it opens; `freeze` freezes the wallet. */
export type SendCodePurpose = 'launch' | 'freeze';

/**
 * The code of a send: its id, and 128 bits of a HMAC under the key of its wallet. It is stored nowhere, and the same one is
 * answered to a repeated call.
 */
export function codeOf(
  purpose: SendCodePurpose,
  { macKey }: Pick<OpenedWallet, 'macKey'>,
  sendId: string,
): string {
  const mac = macOf(macKey, lengthPrefixed(['send-code', purpose, sendId])).subarray(0, MAC_BYTES);
  return Buffer.concat([Buffer.from(sendId.replaceAll('-', ''), 'hex'), mac]).toString('base64url');
}

/** The id that a text of the form of a code begins with. */
export function sendIdIn(code: string): string {
  const hex = Buffer.from(code, 'base64url').toString('hex').slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function isCodeOf(
  purpose: SendCodePurpose,
  wallet: Pick<OpenedWallet, 'macKey'>,
  code: string,
): boolean {
  return equalsConstantTime(codeOf(purpose, wallet, sendIdIn(code)), code);
}
