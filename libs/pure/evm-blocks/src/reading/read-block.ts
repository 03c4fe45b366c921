import { accepted, refused, type Result } from '@countersign/errors';
import type { BlockFault } from '../block-faults';
import { LogsBloom } from './bloom';
import type { ChainRules } from '../chain-rules';
import type { CheckedBlock, CheckedTransaction, CheckedWithdrawal } from '../checked-block';
import { expected, readAddress, readBloom, readHash, readNumber, readQuantity, type Hash } from '../hex';
import { isAbsent, isFields, type Fields } from './json-fields';
import { readTransaction } from './read-transaction';
import { contentsFault, isHeaderUnknown } from '../recomputing/recompute';

/** What the node was asked for: a number, a hash, both, or neither (the latest). */
export interface AskedBlock {
  readonly number?: number;
  readonly hash?: Hash;
}

/** Far above what any chain has, and bounded all the same. */
const MAX_TRANSACTIONS = 50_000;
const MAX_WITHDRAWALS = 10_000;
/** The end of the year 9999, in Unix seconds: later ones are no dates of ISO 8601. */
const MAX_TIMESTAMP = 253_402_300_799;

/** Of the trie without entries: keccak256(rlp('')). */
const EMPTY_ROOT = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421';
const NO_ROOT = `0x${'0'.repeat(64)}`;

/**
 * Reads the answers of `eth_getBlockByNumber` or `eth_getBlockByHash` with whole transactions, and of `eth_getBlockReceipts`,
 * as one block that does not contradict itself. Nothing in them makes it throw. The caller bounds their size in bytes.
 *
 * Where the chain has Ethereum's encoding, the hash of the block binds all of it: see `contentsFault`. Elsewhere, and where the
 * header has a field that is not known, a node that invents a whole block, or alters a value, is not noticed: the rules of the
 * block say so.
 *
 * @param rawBlock `result` of the first answer, parsed from JSON
 * @param rawReceipts `result` of the second, or single receipts in the order of the transactions
 */
export function readBlock(
  rawBlock: unknown,
  rawReceipts: unknown,
  asked: AskedBlock,
  rules: ChainRules,
): Result<CheckedBlock, BlockFault> {
  if (isAbsent(rawBlock)) return refused('block.absent');
  const header = readHeader(rawBlock);
  if (!header) return refused('block.malformed');
  const { number, hash, parentHash, timestamp, bloom } = header;
  if ((asked.number ?? number) !== number || (asked.hash ?? hash) !== hash || hash === parentHash) {
    return refused('block.not_the_one_asked');
  }
  if (isAbsent(rawReceipts)) return refused('block.receipts_absent');

  const withdrawals = readWithdrawals(header.withdrawals);
  if (!withdrawals.ok) return withdrawals;
  const transactions = readTransactions(header, rawReceipts, rules);
  if (!transactions.ok) return transactions;
  const fault = bloomFault(transactions.value, bloom, rules);
  if (fault) return refused(fault);
  const isUnknown = isFields(rawBlock) && isHeaderUnknown(rawBlock);
  if (rules.hasEthereumEncoding && !isUnknown && isFields(rawBlock) && Array.isArray(rawReceipts)) {
    const contents = { block: rawBlock, receipts: rawReceipts, withdrawals: header.withdrawals };
    const differs = contentsFault({ ...contents, transactions: transactions.value });
    if (differs) return refused(differs);
  }
  return accepted({
    number,
    hash,
    parentHash,
    timestamp,
    transactions: transactions.value,
    withdrawals: withdrawals.value,
    rules: isUnknown ? { ...rules, hasEthereumEncoding: false } : rules,
  });
}

interface Header {
  readonly number: number;
  readonly hash: Hash;
  readonly parentHash: Hash;
  readonly timestamp: number;
  readonly bloom: string;
  readonly transactionsRoot: Hash | undefined;
  readonly transactions: readonly unknown[];
  readonly withdrawals: readonly unknown[];
}

function readHeader(raw: unknown): Header | undefined {
  if (!isFields(raw)) return undefined;
  const number = readNumber(raw['number']);
  const hash = readHash(raw['hash']);
  const parentHash = readHash(raw['parentHash']);
  const timestamp = readNumber(raw['timestamp']);
  const bloom = readBloom(raw['logsBloom']);
  const transactions = raw['transactions'];
  const withdrawals = raw['withdrawals'] ?? [];
  if (number === undefined || !hash || !parentHash || timestamp === undefined || !bloom) return undefined;
  if (timestamp > MAX_TIMESTAMP) return undefined;
  if (!Array.isArray(transactions) || !Array.isArray(withdrawals)) return undefined;
  const transactionsRoot = readHash(raw['transactionsRoot']);
  return { number, hash, parentHash, timestamp, bloom, transactionsRoot, transactions, withdrawals };
}

function readTransactions(
  { number, hash, transactions, transactionsRoot }: Header,
  receipts: unknown,
  rules: ChainRules,
): Result<CheckedTransaction[], BlockFault> {
  if (!Array.isArray(receipts)) return refused('block.receipt_malformed');
  if (transactions.length > MAX_TRANSACTIONS) return refused('block.too_large');
  if (receipts.length !== transactions.length) return refused('block.receipts_count');
  const isRootTelling = rules.bloom !== 'unreliable' && transactionsRoot && transactionsRoot !== NO_ROOT;
  if (transactions.length === 0 && isRootTelling && transactionsRoot !== EMPTY_ROOT) {
    return refused('block.transactions_missing');
  }

  const read: CheckedTransaction[] = [];
  const hashes = new Set<Hash>();
  const height = expected(number);
  let logIndex = 0;
  for (const [index, transaction] of transactions.entries()) {
    const position = { number: height, hash, index: expected(index), logIndex };
    const one = readTransaction(transaction, receipts[index], position, rules);
    if (!one.ok) return one;
    if (hashes.has(one.value.hash)) return refused('block.transaction_misplaced');
    hashes.add(one.value.hash);
    read.push(one.value);
    logIndex += one.value.logs.length;
  }
  return accepted(read);
}

function bloomFault(
  transactions: readonly CheckedTransaction[],
  reported: string,
  rules: ChainRules,
): BlockFault | null {
  if (rules.bloom === 'unreliable') return null;
  const bloom = new LogsBloom();
  for (const { logs } of transactions) {
    for (const { address, topics } of logs) {
      bloom.add(address);
      for (const topic of topics) bloom.add(topic);
    }
  }
  const { hasMore, hasLess } = bloom.compare(reported);
  if (hasLess) return 'block.logs_missing';
  return hasMore && rules.bloom === 'exact' ? 'block.logs_added' : null;
}

function readWithdrawals(raw: readonly unknown[]): Result<CheckedWithdrawal[], BlockFault> {
  if (raw.length > MAX_WITHDRAWALS) return refused('block.too_large');
  const read: CheckedWithdrawal[] = [];
  for (const [index, withdrawal] of raw.entries()) {
    const { address: rawAddress, amount }: Fields = isFields(withdrawal) ? withdrawal : {};
    const address = readAddress(rawAddress);
    const amountGwei = readQuantity(amount);
    if (!address || amountGwei === undefined) return refused('block.withdrawal_malformed');
    read.push({ index, address, amountGwei });
  }
  return accepted(read);
}
