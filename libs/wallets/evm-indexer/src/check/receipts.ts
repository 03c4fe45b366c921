import { Injectable } from '@nestjs/common';
import {
  agreedOf,
  askEnough,
  EvmNodes,
  NODES_ASKED,
  type Chain,
  type FinalBlock,
  type Reply,
} from '@countersign/chains';
import type { Address, Hash } from '@countersign/evm-transfers';
import type { IndexedEntry } from '../lists/entries';
import { agreedTransaction, type TokenNames } from './agreement';
import { readReceipts, type NodeReceipts, type SeenTransaction } from './node-receipts';

/** What nodes say of what an indexer lists. What they did not say is left out. */
export interface Receipts {
  /** As a node has them that says the same as the indexer. */
  readonly agreed: ReadonlyMap<IndexedEntry, SeenTransaction>;
  /** Those that two nodes have alike, in a block that two nodes call final. */
  readonly final: ReadonlySet<IndexedEntry>;
  readonly blockHashes: ReadonlyMap<number, Hash>;
}

interface ReceiptsWanted {
  readonly entries: readonly IndexedEntry[];
  /** As the answer shows them. */
  readonly names: TokenNames;
  readonly final: FinalBlock | null;
}

/** Of one HTTP request. */
const MAX_ENTRIES = 20;

@Injectable()
export class ReceiptReader {
  constructor(private readonly nodes: EvmNodes) {}

  /** Asks two nodes, or the only one, and others where these do not settle it. */
  async of(chain: Chain, wallet: Address, { entries, names, final }: ReceiptsWanted): Promise<Receipts> {
    // Where too few answered about the final block, those that did not are not waited for again.
    const nodes = this.nodes.of(chain.id).filter(({ isPaused }) => final !== null || !isPaused);
    const agreed = new Map<IndexedEntry, SeenTransaction>();
    const ofTwo = new Set<IndexedEntry>();
    const blockHashes = new Map<number, Hash>();
    const finalNumber = final?.verification === 'agreed' ? final.number : -1;
    // Another request may still fit: anyone can make a receipt large.
    for (let from = 0; from < entries.length; from += MAX_ENTRIES) {
      const some = entries.slice(from, from + MAX_ENTRIES);
      const same = (entry: IndexedEntry, said: readonly Reply<NodeReceipts>[]): readonly SeenTransaction[] =>
        said.flatMap(({ answer }) => agreedTransaction(chain, wallet, entry, answer, names) ?? []);
      const said = await askEnough(
        nodes,
        (node) => readReceipts(node, wallet, some),
        (answers) => some.every((entry) => same(entry, answers).length >= NODES_ASKED),
      );
      for (const { answer } of said)
        for (const [number, hash] of answer.blockHashes) blockHashes.set(number, hash);
      for (const entry of some) {
        const seen = same(entry, said);
        const hash = agreedOf(
          seen.map(({ transaction }) => transaction.blockHash),
          nodes.length,
        );
        const [first] =
          hash === undefined ? seen : seen.filter(({ transaction }) => transaction.blockHash === hash);
        if (first) agreed.set(entry, first);
        if (hash !== undefined && entry.position.number <= finalNumber) ofTwo.add(entry);
      }
    }
    return { agreed, final: ofTwo, blockHashes };
  }
}
