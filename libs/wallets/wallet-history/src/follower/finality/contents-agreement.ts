import { NodeError, type Chain, type EvmNode, type Verification } from '@countersign/chains';
import type { BlockLink, CheckedBlock } from '@countersign/evm-blocks';
import { entriesOf, type HistoryEntry } from '../../entry';
import { Disagreement } from '../agreement';
import { matchBlock } from '../block-matches';
import { ChainReader } from '../chain-reader';
import type { ScanDeps } from '../scan-deps';
import { SpamRulesOfChain } from '../spam-judge';
import { storedOf } from '../stored-transfers';
import type { LeasedChain } from './leased-chain';

/** What nodes say of the followed wallets in a block. */
export interface ComparedBlock {
  /** The node that is read, and another one that says the same. */
  readonly indexes: readonly number[];
  /** The wallet of each entry, by what is compared of the entry. */
  readonly walletOf: ReadonlyMap<string, string>;
}

/** By the hash of the block. */
export type ComparedBlocks = ReadonlyMap<string, ComparedBlock>;

/** Two nodes have other contents of a block, whose hash they agree on. */
export class ContentsDisagreement extends Disagreement {
  /** @param isStoredWrong what is stored is not what the nodes say now: it has to be read again */
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

  /** The blocks up to a number that are to become final, and whose contents were not recomputed. */
  unproven({ window, readings }: LeasedChain, number: number): readonly BlockLink[] {
    if (this.chain.nodeCount === 1) return [];
    const pending = window.blocks.filter((block) => block.number > (window.finalNumber ?? 0));
    return pending.filter((block) => block.number <= number && !readings.get(block.number)?.isRecomputed);
  }

  /**
   * Asks another node for each block. The node that is read is asked again for those that have something of a followed wallet,
   * and for those that another node or replica read.
   * @param blocks as `unproven` gives them
   * @param stored hashes of the blocks that something is stored of
   * @returns without blocks that no other node answers; null where one would be asked, and is paused
   * @throws ContentsDisagreement; NodeError of the node that is read
   */
  async compare(
    leased: LeasedChain,
    blocks: readonly BlockLink[],
    stored: ReadonlySet<string>,
    node: EvmNode,
  ): Promise<ComparedBlocks | null> {
    const read = new Map<string, CheckedBlock>();
    const unknown = blocks.filter(({ number }) => leased.readings.get(number)?.index !== node.index);
    await this.readFrom(node, unknown, read);
    const open = blocks.filter(({ hash }) => !read.get(hash)?.rules.hasEthereumEncoding);
    const others = await this.readFromOthers(node, open);
    if (!others) return null;
    const again = open.filter(({ hash }) => {
      const other = others.get(hash)?.block;
      return !read.has(hash) && other && (stored.has(hash) || this.factsOf(leased, other).size > 0);
    });
    await this.readFrom(node, again, read);
    // Wallets come and go while nodes answer: from here on nothing is awaited.
    const compared = new Map<string, ComparedBlock>();
    for (const [hash, block] of read) {
      const other = others.get(hash);
      const walletOf = this.factsOf(leased, block);
      const indexes = other ? [node.index, other.index] : [node.index];
      if (other && !hasSameKeys(walletOf, this.factsOf(leased, other.block)))
        throw new ContentsDisagreement(indexes, false);
      compared.set(hash, { indexes, walletOf });
    }
    return compared;
  }

  private async readFrom(
    node: EvmNode,
    blocks: readonly BlockLink[],
    read: Map<string, CheckedBlock>,
  ): Promise<void> {
    for (let rest = blocks; rest.length > 0;) {
      const found = await this.firstOf(node, rest);
      if (found.length === 0) throw new NodeError('away', { reason: 'block.absent' });
      for (const block of found) read.set(block.hash, block);
      rest = rest.slice(found.length);
    }
  }

  private async readFromOthers(
    { index }: EvmNode,
    blocks: readonly BlockLink[],
  ): Promise<ReadonlyMap<string, { readonly index: number; readonly block: CheckedBlock }> | null> {
    const read = new Map<string, { readonly index: number; readonly block: CheckedBlock }>();
    const others = this.deps.nodes.of(this.chain.id).filter((other) => other.index !== index);
    for (let rest = blocks; rest.length > 0;) {
      let found: readonly CheckedBlock[] = [];
      for (const other of others) {
        if (found.length > 0 || other.isPaused) continue;
        found = await this.firstOf(other, rest).catch(noneIfNodeError);
        for (const block of found) read.set(block.hash, { index: other.index, block });
      }
      if (found.length === 0 && others.some(({ isPaused }) => isPaused)) return null;
      rest = rest.slice(Math.max(1, found.length));
    }
    return read;
  }

  /** Of blocks, as many of the first ones as one request gives. @throws NodeError */
  private async firstOf(node: EvmNode, blocks: readonly BlockLink[]): Promise<readonly CheckedBlock[]> {
    const [first] = blocks;
    if (!first) return [];
    const gap = blocks.findIndex(({ number }, index) => number !== first.number + index);
    const reader = new ChainReader(this.chain, node);
    const count = gap === -1 ? blocks.length : gap;
    // All of them may be too much for the node.
    const found = await reader.blocks(first.number, count).catch(async (error: unknown) => {
      if (count === 1 || !(error instanceof NodeError) || node.isPaused) throw error;
      return reader.blocks(first.number, 1);
    });
    const other = found.findIndex(({ hash }, index) => hash !== blocks[index]?.hash);
    return other === -1 ? found : found.slice(0, other);
  }

  /** Of wallets that were followed by then. */
  private factsOf({ starts, version }: LeasedChain, block: CheckedBlock): ReadonlyMap<string, string> {
    const { chain, deps } = this;
    const { followed } = deps;
    const added = version === null ? null : followed.addedOn(chain, version);
    const { listed } = new SpamRulesOfChain(chain);
    const { matches } = matchBlock(block, (address) => followed.walletsAt(chain, address));
    return new Map(
      matches.flatMap(({ walletId, address, transfers }) => {
        const linkedAt = followed.linkedAt(walletId);
        const start = added ? starts.of(walletId, linkedAt) : starts.ofEarlier(walletId, linkedAt);
        if (start === null || start > block.number || added?.includes(walletId)) return [];
        const { stored, omitted } = storedOf(transfers, address, listed);
        const entries = entriesOf(block, address, stored, () => [], omitted);
        return entries.map((entry) => [factOf(walletId, entry), walletId] as const);
      }),
    );
  }
}

/** What is stored of compared blocks, beside what nodes say of them. For one transaction. */
export class StoredContents {
  private readonly missing: Map<string, string>;

  constructor(private readonly compared: ComparedBlocks) {
    this.missing = new Map([...compared.values()].flatMap(({ walletOf }) => [...walletOf]));
  }

  /** The wallets of what was not stored so far. */
  get walletIds(): ReadonlySet<string> {
    return new Set(this.missing.values());
  }

  /**
   * What stands behind a stored entry whose block was not recomputed.
   * @throws ContentsDisagreement
   */
  verificationOf(blockHash: string, walletId: string, entry: HistoryEntry): Verification {
    const compared = this.compared.get(blockHash);
    if (!compared) return 'none';
    const fact = factOf(walletId, entry);
    if (!compared.walletOf.has(fact)) throw new ContentsDisagreement(compared.indexes, true);
    this.missing.delete(fact);
    return compared.indexes.length > 1 ? 'agreed' : 'none';
  }

  /** @throws ContentsDisagreement where something of one of the wallets was not stored */
  assertWhole(walletIds: ReadonlySet<string>): void {
    for (const { indexes, walletOf } of this.compared.values())
      for (const [fact, walletId] of walletOf)
        if (this.missing.has(fact) && walletIds.has(walletId)) throw new ContentsDisagreement(indexes, true);
  }
}

function factOf(walletId: string, entry: HistoryEntry): string {
  return `${walletId} ${JSON.stringify(entry, FACTS)}`;
}

function hasSameKeys(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one.keys()].every((key) => other.has(key));
}

function noneIfNodeError(error: unknown): [] {
  if (error instanceof NodeError) return [];
  throw error;
}
