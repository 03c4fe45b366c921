import type { DecodedAct } from '@countersign/wallet-acts';

/** A call uses these up: ERC-3009, and `PermitTransferFrom` of Permit2 with its relatives. */
const SINGLE_USE = /(?:TransferFrom|WithAuthorization)$/;
const MAX_LIFETIME_MS = 3_600_000;

/**
 * Whether the act lets a third party take assets later: by an approval, a permit, or undecoded content. A signature
 * that one call uses up within an hour is no such right, nor is the end of an approval. A text that is a key at another
 * service is one.
 */
export function leavesRight(
  { signingKind, method, spends, undecoded }: DecodedAct,
  { undecoded: policy }: { readonly undecoded: 'refuse' | 'sign' },
  now: Date,
): boolean {
  if (signingKind === 'evm-message' && method === 'key-elsewhere') return true;
  if (undecoded.length > 0) return policy === 'refuse';
  if (signingKind === 'evm-typed-data' && SINGLE_USE.test(method ?? ''))
    return spends.some(({ deadline }) => Number(deadline) * 1_000 > now.getTime() + MAX_LIFETIME_MS);
  return spends.some(
    ({ kind, amount, isAmountOrTokenId }) => kind !== 'transfer' && (amount !== 0n || isAmountOrTokenId),
  );
}
