import { lengthPrefixed, macOf, sealedJson, sealedText } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import type { MinedVersion } from '@countersign/sends';
import type { TonOutcome } from '@countersign/ton-sends';
import type { DecodedActJson } from '@countersign/wallet-acts';

/** The block that has a send, or the transaction of another sender that used its nonce. Of TON: what became of its message. */
export type SendOutcome = MinedVersion | { readonly by: string } | { readonly outcome: TonOutcome };

/** By send, under the key of the wallet, as all of these. */
export const sealedSend = sealedJson<DecodedActJson>('sends', 'details');
export const sealedOutcome = sealedJson<SendOutcome>('sends', 'outcome');
/** By send and number. */
export const sealedRaw = sealedText('send_versions', 'raw');

export function keyDigest(
  { macKey }: Pick<OpenedWallet, 'macKey'>,
  applicationId: string,
  key: string,
): Buffer {
  return macOf(macKey, lengthPrefixed(['send-key', applicationId, key]));
}

/** A digest without a key would let a dump try amounts and addresses. */
export function requestDigest({ macKey }: Pick<OpenedWallet, 'macKey'>, digest: Buffer): Buffer {
  return macOf(macKey, lengthPrefixed(['send-request', digest]));
}
