import type { Address } from '../../src/evm/hex';
import { readTransaction, type CheckedTransaction } from '../../src/evm/read-transaction';
import { transfersOf, type Transfer } from '../../src/evm/transfers-of';
import type { RawBlock, RawReceipt } from './raw-transactions';

interface Raw {
  readonly block: RawBlock;
  readonly receipts: readonly RawReceipt[];
}

/** The transactions of a block, each undefined where it cannot be read. */
export function readAll(
  { block, receipts }: Raw,
  chainId: number,
): readonly (CheckedTransaction | undefined)[] {
  return block.transactions.map((raw, index) => readTransaction(raw, receipts[index], chainId));
}

/** Those of the wallet. */
export function transfersIn(raw: Raw, wallet: Address, chainId: number): readonly Transfer[] {
  return readAll(raw, chainId).flatMap((read) => (read ? transfersOf(read, wallet) : []));
}
