import type { EntityManager } from 'typeorm';
import { NodeError, type Chain } from '@countersign/chains';
import { nameOf } from '../../entry';
import type { EntriesOfWallet } from '../../store/asset-changes';
import { entryDigest, historyDigest } from '../../store/digests';
import type { ScanDeps } from '../scan-deps';
import { TRANSACTION_TWICE } from '../follower-fault';

/**
 * Leaves out entries that the history of a wallet with a gap has already. A reset deletes nothing of a wallet whose key
 * cannot be opened, and its blocks are read again later.
 * @throws NodeError lying, where a transaction is in two final blocks
 */
export async function withoutStored(
  tx: EntityManager,
  { id: chainId }: Pick<Chain, 'id'>,
  { history, walletChains }: Pick<ScanDeps, 'history' | 'walletChains'>,
  all: readonly EntriesOfWallet[],
): Promise<readonly EntriesOfWallet[]> {
  const keyed = all.map(({ wallet, entries }) => {
    const digest = historyDigest(wallet, chainId);
    const keys = entries.map((entry) => ({ digest, entry: entryDigest(wallet, chainId, nameOf(entry)) }));
    return { wallet, entries, keys };
  });
  const live = keyed.flatMap(({ wallet: { walletId }, entries, keys }) =>
    keys.flatMap((key, index) => (entries[index]?.vanishedAt === null ? [{ walletId, ...key }] : [])),
  );
  if (new Set(live.map(hexOf)).size < live.length) throw twice();
  const stored = new Set((await history.find(tx, live)).map(hexOf));
  if (stored.size === 0) return all;
  const owners = [
    ...new Set(live.filter((key) => stored.has(hexOf(key))).map(({ walletId }) => walletId)),
  ].toSorted();
  const rows = await walletChains.ofWallets(tx, owners, chainId);
  const gaps = new Set(rows.filter(({ hasGap }) => hasGap).map(({ walletId }) => walletId));
  if (!owners.every((walletId) => gaps.has(walletId))) throw twice();
  return keyed.map(({ wallet, entries, keys }) => ({
    wallet,
    entries: entries.filter(({ vanishedAt }, index) => {
      const key = keys[index];
      return vanishedAt !== null || !key || !stored.has(hexOf(key));
    }),
  }));
}

function twice(): NodeError {
  return new NodeError('lying', { reason: TRANSACTION_TWICE });
}

function hexOf({ digest, entry }: { readonly digest: Buffer; readonly entry: Buffer }): string {
  return digest.toString('hex') + entry.toString('hex');
}
