import { agreedOf, askEnough, EvmNodes, NODES_ASKED, type Chain, type FinalBlock } from '@countersign/chains';
import type { Address, Transfer, Hash } from '@countersign/transfers';
import type { ClaimedNamesResponse } from '../../dto/asset.response';
import { Injectable } from '@nestjs/common';
import type { IndexedEntry } from '../lists/entries';
import { readReceipts, type NodeReceipts, type SeenTransaction } from './node-receipts';

/** The keys are contracts. */
export type TokenNames = ReadonlyMap<Address, ClaimedNamesResponse>;

/**
 * Returns a node's transaction if it says the same as the indexer: block, parties, value, status, price, and each
 * transfer of the wallet with the shown decimals. `null` if it differs or is missing.
 */
export function agreedTransaction(
  { tokens }: Chain,
  wallet: Address,
  { position, sent, logs, transfers }: IndexedEntry,
  { transactions, decimals }: NodeReceipts,
  names: TokenNames,
): SeenTransaction | null {
  const seen = transactions.get(position.hash);
  if (seen?.transaction.hash !== position.hash) return null;
  const { index, from, to, value, isSuccessful, createdContract, gasFee } = seen.transaction;
  const isSameBlock =
    seen.transaction.blockNumber === position.number &&
    seen.at === position.at &&
    [null, seen.transaction.blockHash].includes(position.blockHash) &&
    [null, index].includes(position.index);
  // Without a row, the transaction is neither from the wallet nor to it.
  const isSameSent = !sent
    ? seen.transfers.every(({ kind }) => kind === 'log')
    : sent.from === from &&
      sent.to === to &&
      sent.value === value &&
      sent.isSuccessful === isSuccessful &&
      (!isSuccessful || sent.createdContract === createdContract) &&
      (from !== wallet || sent.fee === gasFee);
  // With a wrong number of decimals, the same digits are another amount.
  const haveRightDecimals = logs.every(({ asset }) => {
    if (asset.standard !== 'erc20') return true;
    const listed = tokens.find(({ address }) => address === asset.contract);
    const shown = names.get(asset.contract)?.decimals ?? undefined;
    return (listed ?? { decimals: decimals.get(asset.contract) }).decimals === shown;
  });
  const isSameMoved = textOf(transfers) === textOf(seen.transfers);
  return isSameBlock && isSameSent && haveRightDecimals && isSameMoved ? seen : null;
}

function textOf(transfers: readonly Transfer[]): string {
  const logs = transfers.filter(({ kind }) => kind === 'log');
  const texts = logs.map(({ asset, from, to, amount }) => {
    const { standard, contract = '', tokenId = '' } = { contract: undefined, tokenId: undefined, ...asset };
    return [standard, contract, tokenId, from, to, amount].join('/');
  });
  return texts.toSorted().join();
}

/** Missing entries are those that the nodes did not answer. */
export interface Receipts {
  /** The transactions of a node that agrees with the indexer. */
  readonly agreed: ReadonlyMap<IndexedEntry, SeenTransaction>;
  /** The entries on which two nodes agree, in a block that two nodes call final. */
  readonly final: ReadonlySet<IndexedEntry>;
  readonly blockHashes: ReadonlyMap<number, Hash>;
}

interface ReceiptsWanted {
  readonly entries: readonly IndexedEntry[];
  /** The names that the answer shows. */
  readonly names: TokenNames;
  readonly final: FinalBlock | null;
}

/** The limit of one HTTP request. */
const MAX_ENTRIES = 20;

@Injectable()
export class ReceiptReader {
  constructor(private readonly nodes: EvmNodes) {}

  /** Asks two nodes, or the only one, and others unless these agree. */
  async of(chain: Chain, wallet: Address, { entries, names, final }: ReceiptsWanted): Promise<Receipts> {
    // If too few nodes answered about the final block, nodes that did not answer are not awaited again.
    const nodes = this.nodes.of(chain.id).filter(({ isPaused }) => final !== null || !isPaused);
    const agreed = new Map<IndexedEntry, SeenTransaction>();
    const ofTwo = new Set<IndexedEntry>();
    const blockHashes = new Map<number, Hash>();
    const finalNumber = final?.verification === 'agreed' ? final.number : -1;
    // The loop makes several requests, because anyone can make a receipt large.
    for (let from = 0; from < entries.length; from += MAX_ENTRIES) {
      const some = entries.slice(from, from + MAX_ENTRIES);
      const same = (entry: IndexedEntry, said: readonly NodeReceipts[]): readonly SeenTransaction[] =>
        said.flatMap((answer) => agreedTransaction(chain, wallet, entry, answer, names) ?? []);
      const said = await askEnough(
        nodes,
        (node) => readReceipts(node, wallet, some),
        (answers) => some.every((entry) => same(entry, answers).length >= NODES_ASKED),
      );
      for (const answer of said)
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
