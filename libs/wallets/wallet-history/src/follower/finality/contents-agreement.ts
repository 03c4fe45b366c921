import { NodeError, type Chain, type EvmNode, type Verification } from '@countersign/chains';
import type { CheckedBlock } from '@countersign/evm-blocks';
import { entriesOf, type HistoryEntry } from '../../entry';
import { Disagreement } from '../agreement';
import { matchBlock } from '../block-matches';
import { ChainReader } from '../chain-reader';
import type { ScanDeps } from '../scan-deps';
import { SpamRulesOfChain } from '../spam-judge';
import { storedOf } from '../stored-transfers';
import type { LeasedChain } from './leased-chain';

/** What two nodes say of the followed wallets in a block. */
export interface ComparedBlock {
  /** The node that is read, and another one. */
  readonly indexes: readonly [number, number];
  readonly ofRead: ReadonlySet<string>;
  readonly ofOther: ReadonlySet<string>;
}

/** By the hash of the block. */
export type ComparedBlocks = ReadonlyMap<string, ComparedBlock>;

/** Two nodes have other contents of a block, whose hash they agree on. */
export class ContentsDisagreement extends Disagreement {
  /** @param isStoredWrong what is stored is not what the node that is read says now: it has to be read again */
  constructor(
    indexes: readonly number[],
    readonly isStoredWrong: boolean,
  ) {
    super(indexes);
  }
}

/** What is compared of an entry, in this order: all that the chain says. */
const FACTS = [
  ...[
    'block',
    'number',
    'hash',
    'at',
    'transaction',
    'index',
    'from',
    'to',
    'isSuccessful',
    'fee',
    'isFeeExact',
  ],
  ...['part', 'isOwn', 'omittedInBlock', 'transfers', 'kind', 'standard', 'contract', 'tokenId', 'direction'],
  ...['counterparty', 'amount', 'logIndex', 'batchIndex'],
];

/** Reads blocks whose hash does not prove their contents from two nodes, before they become final. */
export class ContentsAgreement {
  constructor(
    private readonly chain: Chain,
    private readonly deps: ScanDeps,
  ) {}

  isNeeded({ hasUnknownHeader }: LeasedChain): boolean {
    return this.chain.nodeCount > 1 && (!this.chain.hasEthereumEncoding || hasUnknownHeader);
  }

  /**
   * The node that is read is asked again: what is stored may be from another one.
   * @param hashes of blocks; those that are not on the chain, or that one of the nodes does not answer, are left out
   */
  async compare(leased: LeasedChain, hashes: ReadonlySet<string>, node: EvmNode): Promise<ComparedBlocks> {
    const compared = new Map<string, ComparedBlock>();
    if (!this.isNeeded(leased)) return compared;
    const others = this.deps.nodes
      .of(this.chain.id)
      .filter((other) => other.index !== node.index && !other.isPaused);
    for (const { number, hash } of leased.window.blocks) {
      if (!hashes.has(hash)) continue;
      const ofRead = await this.factsFrom(node, number, hash);
      for (const other of ofRead ? others : []) {
        const ofOther = await this.factsFrom(other, number, hash);
        if (!ofRead || !ofOther) continue;
        compared.set(hash, { indexes: [node.index, other.index], ofRead, ofOther });
        break;
      }
    }
    return compared;
  }

  /** Null where the node does not answer with this block. */
  private async factsFrom(node: EvmNode, number: number, hash: string): Promise<ReadonlySet<string> | null> {
    try {
      const [block] = await new ChainReader(this.chain, node).blocks(number, 1);
      return block?.hash === hash ? this.factsOf(block) : null;
    } catch (error) {
      if (error instanceof NodeError) return null;
      throw error;
    }
  }

  private factsOf(block: CheckedBlock): ReadonlySet<string> {
    const { chain, deps } = this;
    const { listed } = new SpamRulesOfChain(chain);
    const { matches } = matchBlock(block, (address) => deps.followed.walletsAt(chain, address));
    return new Set(
      matches.flatMap(({ walletId, address, transfers }) => {
        const { stored, omitted } = storedOf(transfers, address, listed);
        return entriesOf(block, address, stored, () => [], omitted).map((entry) => factOf(walletId, entry));
      }),
    );
  }
}

/**
 * What stands behind a stored entry whose block was not recomputed.
 * @throws ContentsDisagreement
 */
export function agreedOn(
  compared: ComparedBlock | undefined,
  walletId: string,
  entry: HistoryEntry,
): Verification {
  if (!compared) return 'none';
  const fact = factOf(walletId, entry);
  const isRead = compared.ofRead.has(fact);
  if (!isRead || !compared.ofOther.has(fact)) throw new ContentsDisagreement(compared.indexes, !isRead);
  return 'agreed';
}

function factOf(walletId: string, entry: HistoryEntry): string {
  return `${walletId} ${JSON.stringify(entry, FACTS)}`;
}
