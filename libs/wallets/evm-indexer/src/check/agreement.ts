import type { Chain } from '@countersign/chains';
import type { Address, Transfer } from '@countersign/evm-transfers';
import type { IndexedEntry } from '../lists/entries';
import type { ClaimedNamesResponse } from '@countersign/wallet-reading';
import type { NodeReceipts, SeenTransaction } from './node-receipts';

/** By contract. */
export type TokenNames = ReadonlyMap<Address, ClaimedNamesResponse>;

/**
 * The transaction as a node has it, where it says the same as the indexer: block, parties, value, status, price, and each
 * transfer of the wallet with the decimals that the answer shows of its token. `null`: it says something else, or nothing.
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
  // Without a row it is neither from the wallet nor to it.
  const isSameSent = !sent
    ? seen.transfers.every(({ kind }) => kind === 'log')
    : sent.from === from &&
      sent.to === to &&
      sent.value === value &&
      sent.isSuccessful === isSuccessful &&
      (!isSuccessful || sent.createdContract === createdContract) &&
      (from !== wallet || sent.fee === gasFee);
  // A wrong number of decimals makes another amount of the same digits.
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
