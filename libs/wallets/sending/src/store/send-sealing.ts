import { sealedJson, sealedText } from '@countersign/crypto';
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
