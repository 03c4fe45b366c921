import type { ChainRules } from '../src/chain-rules';
import type { CheckedTransaction } from '../src/checked-transaction';
import { expected, readHash, readNumber, type Address } from '../src/hex';
import { readTransaction } from '../src/reading/read-transaction';
import type { Transfer } from '../src/transfers/transfer';
import { transfersOf } from '../src/transfers/transfers-of';
import type { RawBlock, RawReceipt } from './raw-transactions';

/** The transactions of a block, each undefined where it cannot be read. */
export function readAll(
  { block, receipts }: { readonly block: RawBlock; readonly receipts: readonly RawReceipt[] },
  rules: ChainRules,
): readonly (CheckedTransaction | undefined)[] {
  let logIndex = 0;
  return block.transactions.map((raw, index) => {
    const receipt: Partial<RawReceipt> | undefined = receipts[index];
    const hash = readHash(block['hash']) ?? '0x';
    const number = expected(readNumber(block['number']) ?? 0);
    const read = readTransaction(raw, receipt, { number, hash, index: expected(index), logIndex }, rules);
    logIndex += receipt?.logs?.length ?? 0;
    return read;
  });
}

/** Those of the wallet. */
export function transfersIn(
  raw: { readonly block: RawBlock; readonly receipts: readonly RawReceipt[] },
  wallet: Address,
  rules: ChainRules,
): readonly Transfer[] {
  return readAll(raw, rules).flatMap((read) => (read ? transfersOf(read, wallet, rules) : []));
}
