import type { EntityManager } from 'typeorm';
import type { Chain } from '@countersign/chains';
import type { Address } from '@countersign/evm-blocks';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { entriesOf, isHidden, nameOf, verificationOf, type HistoryEntry } from '../entry';
import type { MatchedBlock } from '../follower/block-matches';
import { withoutStored } from '../follower/finality/stored-entries';
import { contractOf, storedOf } from '../follower/stored-transfers';
import type { ScanDeps } from '../follower/scan-deps';
import { SpamRulesOfChain } from '../follower/spam-judge';
import type { KnownTokens } from '../names/known-tokens';
import type { Unfilled } from '../store/back-fills.repository';
import { entryDigest, historyDigest, vanishedDigest } from '../store/digests';
import { openProgress, sealProgress, type FillProgress } from '../store/fill-progress';
import type { FinalRow } from '../store/history.repository';
import type { Lease } from '../store/positions.repository';
import { openCounterparties, sealCounterparties, sealedFinal } from '../store/sealing';

/** A step of the search. */
export interface Step {
  readonly wallet: Unfilled;
  readonly address: Address;
  readonly before: FillProgress;
  readonly after: FillProgress;
  readonly isDone: boolean;
  /** Oldest first. */
  readonly blocks: readonly MatchedBlock[];
}

const MAX_COUNTERPARTIES = 200;

/** Stores what is found in earlier blocks. Like a follower it writes nothing without the lease of the chain. */
export class BackFillWriter {
  private readonly spam: SpamRulesOfChain;

  constructor(
    private readonly chain: Chain,
    private readonly deps: ScanDeps,
  ) {
    this.spam = new SpamRulesOfChain(chain);
  }

  /**
   * @returns whether it was stored: not where the wallet is gone, or is searched from another block by now
   * @throws LeaseLost; NodeError where the history has one of the transactions in another block
   */
  async write(lease: Lease, { wallet: unfilled, ...step }: Step): Promise<boolean> {
    const { database, positions, walletChains, walletKeys, backFills } = this.deps;
    const { walletId, fromBlock } = unfilled;
    const { id: chainId } = this.chain;
    return database.transaction(async (tx) => {
      await positions.fence(tx, lease);
      const wallet = (await walletKeys.open(tx, [walletId])).get(walletId);
      if (!wallet) return false;
      const [row] = await walletChains.ofWallets(tx, [walletId], chainId);
      if (row?.fromBlock !== fromBlock) return false;
      const stored = await backFills.find(tx, walletId, chainId);
      const next = stored ? openProgress(wallet, stored, fromBlock)?.next : fromBlock - 1;
      if (next !== step.before.next || stored?.isDone) return false;
      const known = openCounterparties(wallet, chainId, row.counterparties);
      const { entries, learnt } = this.entriesOf(step, known, await this.namesOf(tx, step));
      await this.add(tx, wallet, entries);
      if (learnt.length > 0) {
        const addresses = [...learnt, ...known].slice(-MAX_COUNTERPARTIES);
        const sealed = sealCounterparties(wallet, chainId, addresses);
        await walletChains.saveCounterparties(tx, chainId, walletId, sealed);
      }
      const progress = sealProgress(wallet, chainId, step.after);
      await backFills.save(tx, { walletId, chainId, isDone: step.isDone, progress });
      return true;
    });
  }

  /** Oldest first, with the addresses that the wallet sent something to. */
  private entriesOf(
    { address, blocks }: Pick<Step, 'address' | 'blocks'>,
    known: readonly string[],
    names: KnownTokens,
  ): { readonly entries: readonly HistoryEntry[]; readonly learnt: readonly string[] } {
    const judge = this.spam.judgeOf(address, known, (contract) => names.get(contract) ?? null);
    const entries = blocks.flatMap(({ block, matches }) =>
      matches.flatMap(({ transfers }) => {
        const { stored, omitted } = storedOf(transfers, address, this.spam.listed);
        return entriesOf(block, address, stored, (transfer) => judge.reasonsOf(transfer), omitted).map(
          (entry) => ({
            ...entry,
            verification: verificationOf(this.chain, entry),
          }),
        );
      }),
    );
    return { entries, learnt: (judge.learnt ?? []).filter((one) => !known.includes(one)) };
  }

  private namesOf(tx: EntityManager, { blocks }: Pick<Step, 'blocks'>): Promise<KnownTokens> {
    const transfers = blocks.flatMap(({ matches }) => matches.flatMap((match) => match.transfers));
    return this.deps.tokenNames.of(tx, this.chain, transfers.map(contractOf));
  }

  /** Below all that the history has, so that it stays in the order of the chain. */
  private async add(tx: EntityManager, wallet: OpenedWallet, found: readonly HistoryEntry[]): Promise<void> {
    if (found.length === 0) return;
    const { history, backFills } = this.deps;
    const { id: chainId } = this.chain;
    const digest = historyDigest(wallet, chainId);
    const [fresh] = await withoutStored(tx, this.chain, this.deps, [{ wallet, entries: found }]);
    const entries = fresh?.entries ?? [];
    const first = await backFills.firstSequence(tx, digest);
    const rows = entries.toReversed().map((entry, index): FinalRow => {
      const sequence = first - 1 - index;
      const content = sealedFinal.seal(wallet.dataKey, [digest, sequence], entry);
      const key = entryDigest(wallet, chainId, nameOf(entry));
      return { digest, sequence, entry: key, isHidden: isHidden(entry), content };
    });
    const vanished = entries.map((entry) => vanishedDigest(wallet, chainId, nameOf(entry)));
    await history.delete(
      tx,
      vanished.map((entry) => ({ digest, entry })),
    );
    await history.add(tx, rows);
  }
}
