import { Injectable } from '@nestjs/common';
import { EvmIndexers, NodeError, type AccountList, type Chain, type FinalBlock } from '@countersign/chains';
import { HOUR } from '@countersign/clock';
import type { Address } from '@countersign/evm-transfers';
import { seenFrom, toAsked } from '../answers/asset';
import { SpamOfAnswer } from '../answers/spam';
import type { SeenTransaction } from '../check/node-receipts';
import { ReceiptReader } from '../check/receipts';
import { entriesOf } from '../lists/entries';
import { readNewRows } from '../lists/new-rows';
import { nextBlock } from './next-block';
import type { ReportedBlocks } from './wallet-follow.entity';

/** Without coins that contracts move: no receipt has them. */
const LISTS: readonly AccountList[] = ['txlist', 'tokentx', 'tokennfttx', 'token1155tx'];
/** Of each list. */
const ROWS = 100;

interface ReadFrom {
  readonly wallet: Address;
  readonly since: Date;
  readonly block: number;
  readonly reported: ReportedBlocks;
}

/** What was read of a wallet, and up to where. */
export interface ReadTransfers {
  /** The sealed fields of events, oldest first. */
  readonly transfers: readonly Readonly<Record<string, string>>[];
  readonly block: number;
  readonly reported: ReportedBlocks;
}

/** Reads new transfers of a wallet from an indexer: those that two nodes have alike, in final blocks. */
@Injectable()
export class TransferReader {
  constructor(
    private readonly indexers: EvmIndexers,
    private readonly receipts: ReceiptReader,
  ) {}

  /** The last hour of blocks is read again. */
  horizonOf({ blockTimeMs }: Chain, { number }: FinalBlock): number {
    return Math.max(0, number - Math.ceil(HOUR / blockTimeMs));
  }

  /** @throws NodeError where the indexer or nodes do not answer */
  async read(
    chain: Chain,
    final: FinalBlock,
    { wallet, since, block, reported }: ReadFrom,
  ): Promise<ReadTransfers> {
    const indexer = this.indexers.of(chain.id);
    if (!indexer) throw new NodeError('away', { reason: 'no_indexer' });
    const toBlock = final.number;
    if (toBlock <= block) return { transfers: [], block, reported };
    const range = { fromBlock: block + 1, toBlock };
    const { rows, readTo } = await readNewRows(indexer, { lists: LISTS, wallet, ...range, count: ROWS });
    const entries = entriesOf(rows, wallet).toReversed();
    const spam = new SpamOfAnswer(chain, wallet, entries);
    const asked = entries.filter(
      ({ position: { hash, at }, transfers }) =>
        at * 1_000 >= since.getTime() && !Object.hasOwn(reported, hash) && !spam.isHidden(transfers),
    );
    const receipts = await this.receipts.of(chain, wallet, { entries: asked, names: spam.names, final });
    if (receipts.unanswered.size > 0) throw new NodeError('away', { reason: 'too_few_nodes' });
    const confirmed = asked.filter((entry) => receipts.final.has(entry));
    const unconfirmed = asked.find((entry) => !receipts.final.has(entry))?.position.number ?? null;
    const horizon = this.horizonOf(chain, final);
    const next = nextBlock({ block, horizon, readTo, toBlock, unconfirmed });
    const blocks = confirmed.map(({ position: { hash, number } }) => [hash, number] as const);
    return {
      transfers: confirmed.flatMap((entry) => {
        const seen = receipts.agreed.get(entry);
        return seen ? transfersOf(chain, wallet, seen, spam) : [];
      }),
      block: next,
      reported: Object.fromEntries(
        [...Object.entries(reported), ...blocks].filter(([, number]) => number > next),
      ),
    };
  }
}

/** Without spam, and without calls that moved nothing. */
function transfersOf(
  { id: chainId }: Chain,
  wallet: Address,
  { number, at, transaction: { hash }, transfers }: SeenTransaction,
  spam: SpamOfAnswer,
): readonly Readonly<Record<string, string>>[] {
  return transfers.flatMap((transfer, index) => {
    if (transfer.amount === 0n || spam.reasonsOf(transfer).length > 0) return [];
    const { standard, contract, tokenId } = toAsked(transfer.asset);
    const { direction, counterparty } = seenFrom(wallet, transfer);
    return [
      {
        ...{ chainId, transactionHash: hash, transferIndex: String(index), standard },
        ...(contract === null ? {} : { contract }),
        ...(tokenId === null ? {} : { tokenId }),
        ...{ direction, amount: transfer.amount.toString() },
        ...(counterparty === null ? {} : { counterparty }),
        ...{ blockNumber: String(number), blockTime: new Date(at * 1_000).toISOString() },
      },
    ];
  });
}
