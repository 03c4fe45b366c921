import { Refused } from '@countersign/custody-protocol';
import { cancellingCall, type DecodedAct, hexOf, unsignedTransaction } from '@countersign/wallet-acts';
import { readTonTransfer } from '@countersign/transfers';
import type { EvmAddress } from '@countersign/wallet-proofs';
import { parseTransaction } from 'viem/utils';

export const MAX_UNSETTLED = 16;
const MAX_DATE_SECONDS = 253_402_300_799;

export interface Account {
  /** The chain's next nonce at a finalized block; null until the reader has reported one. */
  readonly next: number | null;
  /** The highest nonce that custody has signed; null before the first one. */
  readonly highest: number | null;
  /** The highest signed gas price under the nonce, in wei. */
  readonly price: string | null;
}

export interface SignedAct {
  readonly nonce: number | null;
  readonly price: bigint;
  /** ISO 8601, or `infinity`, which only a final nonce ends. */
  readonly endsAt: string;
}

type Cancellation = Readonly<
  Record<'chain' | 'address', string> & Record<'gas' | 'price', bigint> & Record<'nonce', number>
>;

export function signedOf({ signingKind, payload, spends }: DecodedAct): SignedAct {
  if (signingKind === 'evm-transaction') {
    const { nonce = 0, maxFeePerGas, gasPrice = 0n } = parseTransaction(hexOf(payload));
    return { nonce, price: maxFeePerGas ?? gasPrice, endsAt: 'infinity' };
  }
  const ends =
    signingKind === 'ton-transaction'
      ? [readTonTransfer(payload)?.validUntil ?? 0]
      : spends.map(({ deadline }) => Number(deadline ?? Infinity));
  const last = Math.max(0, ...ends);
  const endsAt = last > MAX_DATE_SECONDS ? 'infinity' : new Date(last * 1_000).toISOString();
  return { nonce: null, price: 0n, endsAt };
}

/** From the chain's next nonce to one above the highest signed one. @throws Refused `nonce_unread`, `nonce_outside` */
export function assertNonce({ next, highest }: Account, nonce: number | null): void {
  if (next === null) throw new Refused('nonce_unread');
  const last = Math.min(Math.max(next, (highest ?? -1) + 1), next + MAX_UNSETTLED - 1);
  if (nonce !== null && (nonce < next || nonce > last)) throw new Refused('nonce_outside');
}

/**
 * A transfer of 0 coins to the wallet itself, at a price at least a tenth above the signed one. All nodes accept a
 * legacy transaction as a replacement. @throws Refused `nonce_unread`; `nonce_outside` for a final or unsigned nonce
 */
export function cancellationOf(
  { next, highest, price: signed }: Account,
  { chain, address, nonce, gas, price: wanted }: Cancellation,
): { readonly unsigned: Buffer; readonly price: bigint } {
  if (next === null) throw new Refused('nonce_unread');
  if (nonce < next || nonce > (highest ?? -1)) throw new Refused('nonce_outside');
  const above = (BigInt(signed ?? 0) * 11n + 9n) / 10n;
  const price = wanted > above ? wanted : above;
  const call = cancellingCall(address as EvmAddress);
  const chainId = Number(chain.replace('eip155:', ''));
  return { unsigned: unsignedTransaction({ chainId, nonce, gas, fees: { gasPrice: price }, call }), price };
}
