import type { EntityManager } from 'typeorm';
import type { Chain } from '@countersign/chains';
import { unlessSealed } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { inOrder, isHidden, nameOf, verificationOf, type HistoryEntry } from '../../entry';
import { entryDigest, historyDigest, omissionsDigest, vanishedDigest } from '../../store/digests';

import type { FinalRow, HistoryRepository, OmissionsRow } from '../../store/history.repository';
import type { PendingRow } from '../../store/pending.repository';

import type { ScanDeps } from '../scan-deps';
import { NOTHING_OMITTED, OmissionCounter, toOmissions } from '../../omissions';
import { addAssetChanges, type EntriesOfWallet } from '../../store/asset-changes';
import { sealedFinal, sealedPending, sealedOmissions } from '../../store/sealing';
import type { StoredContents } from './contents-agreement';
import { withoutStored } from './stored-entries';

/** Turns rows of final blocks into final rows. */
export class Finaliser {
  private readonly history: HistoryRepository;
  private readonly listed: ReadonlySet<string>;

  constructor(
    private readonly chain: Chain,
    private readonly deps: ScanDeps,
  ) {
    this.history = deps.history;
    this.listed = new Set(chain.tokens.map(({ address }) => address));
  }

  /**
   * @param rows of blocks in the order of the chain
   * @param walletOf `null` for a digest of a wallet that is gone, or whose key is: its rows are dropped
   * @returns the wallets of which a row was damaged: it is dropped, an asset counts from here on
   * @throws ContentsDisagreement; NodeError where the chain has a transaction in two final blocks
   */
  async finalise(
    tx: EntityManager,
    rows: readonly PendingRow[],
    contents: StoredContents,
    walletOf: (row: PendingRow) => OpenedWallet | null,
  ): Promise<readonly string[]> {
    const damaged: string[] = [];
    const finalised = new Map<string, { wallet: OpenedWallet; entries: HistoryEntry[] }>();
    for (const row of rows) {
      const wallet = walletOf(row);
      if (!wallet) continue;
      const entry = unlessSealed(() =>
        sealedPending.open(wallet.dataKey, [row.digest, row.position], row.content),
      );
      if (!entry) {
        damaged.push(wallet.walletId);
        continue;
      }
      const vanishedAt = row.orphanedAt?.toISOString() ?? null;
      const ofWallet = finalised.get(wallet.walletId) ?? { wallet, entries: [] };
      const proven = verificationOf(this.chain, { ...entry, vanishedAt });
      const compared =
        vanishedAt === null ? contents.verificationOf(row.blockHash, wallet.walletId, entry) : 'none';
      const verification = proven === 'none' ? compared : proven;
      ofWallet.entries.push({ ...entry, vanishedAt, verification });
      finalised.set(wallet.walletId, ofWallet);
    }
    if (finalised.size === 0) return damaged;
    const fresh = await withoutStored(tx, this.chain, this.deps, [...finalised.values()]);
    const { stored, damaged: uncounted } = await this.counted(tx, fresh);
    await this.addEntries(tx, stored);
    return [...damaged, ...uncounted, ...(await addAssetChanges(tx, this.history, this.chain.id, stored))];
  }

  /** What is stored of the entries. */
  private async counted(
    tx: EntityManager,
    all: readonly EntriesOfWallet[],
  ): Promise<{ readonly stored: readonly EntriesOfWallet[]; readonly damaged: readonly string[] }> {
    const { history, limits } = this.deps;
    const digests = all.map(({ wallet }) => omissionsDigest(wallet, this.chain.id));
    const rows = await history.omissions(tx, digests);
    const contents = new Map(rows.map(({ digest, content }) => [digest.toString('hex'), content]));
    const damaged: string[] = [];
    const saved: OmissionsRow[] = [];
    const stored = all.map(({ wallet, entries }) => {
      const digest = omissionsDigest(wallet, this.chain.id);
      const content = contents.get(digest.toString('hex'));
      const known =
        content === undefined
          ? NOTHING_OMITTED
          : unlessSealed(() => sealedOmissions.open(wallet.dataKey, [digest], content));
      if (!known) damaged.push(wallet.walletId);
      const before = toOmissions(known ?? NOTHING_OMITTED, this.listed);
      const counter = new OmissionCounter(before, this.listed, limits.foreignTransfers);
      const ofWallet = entries.toSorted(inOrder).map((entry) => counter.store(entry));
      if (counter.changed)
        saved.push({ digest, content: sealedOmissions.seal(wallet.dataKey, [digest], counter.changed) });
      return { wallet, entries: ofWallet.filter((entry) => entry !== null) };
    });
    await history.saveOmissions(tx, saved);
    return { stored, damaged };
  }

  /** What vanished is stored as such, once, unless the chain has it in another block. */
  private async addEntries(tx: EntityManager, all: readonly EntriesOfWallet[]): Promise<void> {
    const { id } = this.chain;
    const vanished = all.flatMap(({ wallet, entries }) =>
      entries
        .filter(({ vanishedAt }) => vanishedAt !== null)
        .flatMap((entry) => [
          keyOf(historyDigest(wallet, id), entryDigest(wallet, id, nameOf(entry))),
          keyOf(historyDigest(wallet, id), vanishedDigest(wallet, id, nameOf(entry))),
        ]),
    );
    const live = all.flatMap(({ wallet, entries }) =>
      entries
        .filter(({ vanishedAt }) => vanishedAt === null)
        .map((entry) => keyOf(historyDigest(wallet, id), vanishedDigest(wallet, id, nameOf(entry)))),
    );
    const found = await this.history.find(tx, vanished);
    const known = new Set(found.map(({ entry }) => entry.toString('hex')));
    if (live.length > 0) await this.history.delete(tx, live);
    const digests = all.map(({ wallet }) => historyDigest(wallet, id));
    const last = await this.history.lastSequences(tx, digests);
    await this.history.add(
      tx,
      all.flatMap(({ wallet, entries }) =>
        this.rowsOf(wallet, entries, known, last.get(historyDigest(wallet, id).toString('hex')) ?? 0),
      ),
    );
  }

  private rowsOf(
    wallet: OpenedWallet,
    entries: readonly HistoryEntry[],
    known: ReadonlySet<string>,
    last: number,
  ): readonly FinalRow[] {
    const { id } = this.chain;
    const digest = historyDigest(wallet, id);
    const live = new Set(entries.filter(({ vanishedAt }) => vanishedAt === null).map(nameOf));
    const rows = new Map<string, FinalRow>();
    let sequence = last;
    for (const entry of entries) {
      const name = nameOf(entry);
      const isVanished = entry.vanishedAt !== null;
      const own = entryDigest(wallet, id, name);
      if (isVanished && (live.has(name) || known.has(own.toString('hex')))) continue;
      const key = isVanished ? vanishedDigest(wallet, id, name) : own;
      // It may have vanished from several blocks, of which some were final before.
      if (rows.has(key.toString('hex')) || (isVanished && known.has(key.toString('hex')))) continue;
      sequence += 1;
      rows.set(key.toString('hex'), {
        digest,
        sequence,
        entry: key,
        isHidden: isHidden(entry),
        content: sealedFinal.seal(wallet.dataKey, [digest, sequence], entry),
      });
    }
    return [...rows.values()];
  }
}

function keyOf(digest: Buffer, entry: Buffer): { digest: Buffer; entry: Buffer } {
  return { digest, entry };
}
