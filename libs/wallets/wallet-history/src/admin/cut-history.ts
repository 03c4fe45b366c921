import type { EntityManager } from 'typeorm';
import type { Chain } from '@countersign/chains';
import { unlessSealed } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { isForeignTransfer, type HistoryEntry } from '../entry';
import { toOmissions } from '../omissions';
import { addAssetChanges } from '../store/asset-changes';
import { assetsDigest, historyDigest, omissionsDigest } from '../store/digests';
import type { FinalRow, HistoryRepository } from '../store/history.repository';
import { openCounterparties, sealCounterparties, sealedFinal, sealedOmissions } from '../store/sealing';
import type { WalletChain, WalletChainsRepository } from '../store/wallet-chains.repository';

interface Stores {
  readonly history: HistoryRepository;
  readonly walletChains: WalletChainsRepository;
}

/** What was deleted of the history of a wallet. */
export interface Cut {
  readonly removed: number;
  /** Something that is stored cannot be opened. */
  readonly isDamaged: boolean;
}

const PAGE = 500;

/**
 * Deletes the entries of later blocks, which the chain is read again for. Assets and the addresses that the wallet paid are
 * counted anew from the entries that stay. What was not stored stays counted, so that the count is never too low.
 */
export async function cutHistory(
  tx: EntityManager,
  { history, walletChains }: Stores,
  { id: chainId, tokens }: Chain,
  wallet: OpenedWallet,
  { counterparties }: Pick<WalletChain, 'counterparties'>,
  lastBlock: number,
): Promise<Cut> {
  const digest = historyDigest(wallet, chainId);
  const open = ({ sequence, content }: Pick<FinalRow, 'sequence' | 'content'>): HistoryEntry | null =>
    unlessSealed(() => sealedFinal.open(wallet.dataKey, [digest, sequence], content));
  const listed = new Set(tokens.map(({ address }) => address));
  const later: FinalRow[] = [];
  let [isDamaged, isReached, foreign] = [false, false, 0];
  // Entries are in the order of the chain. Those above the last right one that cannot be opened are deleted too.
  while (!isReached) {
    const after = later.at(-1)?.sequence ?? null;
    const page = await history.page(tx, { digest, after, limit: PAGE - 1, includesHidden: true });
    for (const row of page) {
      const entry = open(row);
      isReached = entry !== null && entry.block.number <= lastBlock;
      if (isReached) break;
      isDamaged ||= !entry;
      foreign += entry?.transfers.filter((each) => isForeignTransfer(entry, each, listed)).length ?? 0;
      later.push(row);
    }
    isReached ||= page.length < PAGE;
  }
  if (later.length === 0) return { removed: 0, isDamaged };
  await history.delete(tx, later);
  await history.deleteAssets(tx, assetsDigest(wallet, chainId));
  const paid = new Set<string>();
  for (let after = Number.MIN_SAFE_INTEGER, hasMore = true; hasMore;) {
    const page = await history.pageUp(tx, digest, after, PAGE);
    const opened = page.flatMap((row) => {
      const entry = open(row);
      return entry ? [{ entry, isFollowed: row.sequence > 0 }] : [];
    });
    isDamaged ||= opened.length < page.length;
    for (const { entry } of opened)
      for (const { direction, counterparty } of entry.transfers)
        if (direction === 'out' && counterparty !== null) paid.add(counterparty);
    // Those from before the wallet was followed change no asset.
    const entries = opened.filter(({ isFollowed }) => isFollowed).map(({ entry }) => entry);
    await addAssetChanges(tx, history, chainId, [{ wallet, entries }]);
    after = page.at(-1)?.sequence ?? after;
    hasMore = page.length === PAGE;
  }
  if (counterparties) {
    const known = openCounterparties(wallet, chainId, counterparties);
    const left = sealCounterparties(
      wallet,
      chainId,
      known.filter((address) => paid.has(address)),
    );
    await walletChains.saveCounterparties(tx, chainId, wallet.walletId, left);
  }
  const omissions = omissionsDigest(wallet, chainId);
  for (const { content } of await history.omissions(tx, [omissions])) {
    const stored = unlessSealed(() => sealedOmissions.open(wallet.dataKey, [omissions], content));
    if (!stored) continue;
    const left = toOmissions({ ...stored, foreign: Math.max(0, stored.foreign - foreign) }, listed);
    const sealed = sealedOmissions.seal(wallet.dataKey, [omissions], left);
    await history.saveOmissions(tx, [{ digest: omissions, content: sealed }]);
  }
  return { removed: later.length, isDamaged };
}
