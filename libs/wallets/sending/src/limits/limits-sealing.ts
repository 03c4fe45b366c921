import { lengthPrefixed, macOf, sealedJson } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import type { LimitsJson } from '@countersign/sends';

export interface Recipient {
  /** CAIP-2: elsewhere the address may be of another owner. */
  readonly chainId: string;
  readonly address: string;
}

/** Sums of a sixtieth of the window each: its number since 1970, and an amount as text. */
export type Buckets = readonly (readonly [bucket: number, amount: string])[];

/** By wallet, under its key. */
export const sealedLimits = sealedJson<LimitsJson>('wallet_send_limits', 'limits');
/** By id, under the key of the wallet. */
export const sealedRecipient = sealedJson<Recipient>('send_recipients', 'recipient');

const SUMS_BYTES = 1_024;

/** By id, under the ring. Padded, so that its length tells no amount. */
export const sealedSums = sealedJson<Buckets>('send_sums', 'sums', (buckets) => {
  const json = JSON.stringify(buckets);
  return json.padEnd(Math.ceil(json.length / SUMS_BYTES) * SUMS_BYTES);
});

/** Of exactly these limits; another wallet has another key. */
export function limitsDigest({ macKey }: Pick<OpenedWallet, 'macKey'>, limits: LimitsJson): Buffer {
  return macOf(macKey, lengthPrefixed(['send-limits', JSON.stringify(limits)]));
}

export function recipientDigest(
  { macKey }: Pick<OpenedWallet, 'macKey'>,
  { chainId, address }: Recipient,
): Buffer {
  return macOf(macKey, lengthPrefixed(['send-recipient', chainId, address]));
}
