import type { CheckedBlock, CheckedTransaction, CheckedWithdrawal } from '../checked-block';
import type { Address } from '../hex';
import { readTokenLog, type TokenLog } from './token-logs';
import { feeOf } from '../reading/transaction-cost';
import { hasValueFromElsewhere } from '../reading/transaction-types';
import type { SeenTransfers, Transfer, TransferTransaction, UnreadLog } from './transfer';

const WEI_PER_GWEI = 1_000_000_000n;

type IsFollowed = (address: Address) => boolean;

/**
 * The transfers of the block from or to followed addresses, in the order of their transactions and logs; withdrawals last.
 *
 * @param isFollowed asked once for each address of the block
 */
export function transfersOf(block: CheckedBlock, isFollowed: IsFollowed): SeenTransfers {
  const isOurs = askedOnce(isFollowed);
  const transfers: Transfer[] = [];
  const unread: UnreadLog[] = [];
  for (const transaction of block.transactions) {
    for (const transfer of nativeTransfers(transaction, isOurs)) transfers.push(transfer);
    const result = tokenTransfers(transaction, block, isOurs);
    for (const transfer of result.transfers) transfers.push(transfer);
    for (const log of result.unread) unread.push(log);
  }
  for (const withdrawal of block.withdrawals) {
    if (isOurs(withdrawal.address)) transfers.push(toWithdrawal(withdrawal));
  }
  return { transfers, unread };
}

function askedOnce(isFollowed: IsFollowed): IsFollowed {
  const answers = new Map<Address, boolean>();
  return (address) => {
    const known = answers.get(address);
    if (known !== undefined) return known;
    const answer = isFollowed(address);
    answers.set(address, answer);
    return answer;
  };
}

function nativeTransfers(transaction: CheckedTransaction, isOurs: IsFollowed): Transfer[] {
  const { from, type, mint, isSuccessful, index } = transaction;
  const to = transaction.to ?? transaction.createdContract;
  const isSent = isOurs(from) && !hasValueFromElsewhere(type);
  const amount = isSuccessful ? BigInt(transaction.value) : 0n;
  const isReceived = amount > 0n && to !== null && isOurs(to);
  const minted = mint !== null && isOurs(from) ? BigInt(mint) : 0n;
  if (!isSent && !isReceived && minted === 0n) return [];

  const common = { ...nothingElse, transaction: toTransaction(transaction) };
  const transfers: Transfer[] = [];
  if (minted > 0n) {
    transfers.push({
      ...common,
      kind: 'deposit',
      key: `mint:${index}`,
      from: null,
      to: from,
      amount: minted,
    });
  }
  if (hasValueFromElsewhere(type)) {
    if (isReceived)
      transfers.push({ ...common, kind: 'deposit', key: `tx:${index}`, from: null, to, amount });
  } else if (isSent || isReceived) {
    transfers.push({ ...common, kind: 'transaction', key: `tx:${index}`, from, to, amount });
  }
  return transfers;
}

/** Logs of failed transactions are no token's: what its contract did was undone. */
function tokenTransfers(
  transaction: CheckedTransaction,
  block: CheckedBlock,
  isOurs: IsFollowed,
): SeenTransfers {
  if (!transaction.isSuccessful) return { transfers: [], unread: [] };
  const tokenLogs: TokenLog[] = [];
  const ours: TokenLog[] = [];
  for (const log of transaction.logs) {
    const read = readTokenLog(log, block.rules);
    if (!read) continue;
    tokenLogs.push(read);
    // Both are asked: whether an address is followed is cached for the whole block.
    if (isOurs(read.from) || isOurs(read.to)) ours.push(read);
  }
  if (ours.length === 0) return { transfers: [], unread: [] };

  const recipients = recipientsByContract(tokenLogs);
  const shown = toTransaction(transaction);
  const transfers: Transfer[] = [];
  const unread: UnreadLog[] = [];
  for (const { log, from, to, items } of ours) {
    const read = items();
    if (!read) {
      unread.push({
        transactionHash: transaction.hash,
        logIndex: log.index,
        contract: log.address,
        from,
        to,
      });
      continue;
    }
    for (const { asset, amount, batchIndex } of read) {
      transfers.push({
        kind: 'log',
        key: batchIndex === null ? `log:${log.index}` : `log:${log.index}:${batchIndex}`,
        asset,
        from,
        to,
        amount,
        transaction: shown,
        logIndex: log.index,
        batchIndex,
        recipients: recipients.get(log.address)?.size ?? 1,
      });
    }
  }
  return { transfers, unread };
}

function recipientsByContract(tokenLogs: readonly TokenLog[]): Map<Address, Set<Address>> {
  const recipients = new Map<Address, Set<Address>>();
  for (const { log, to } of tokenLogs) {
    const known = recipients.get(log.address);
    if (known) known.add(to);
    else recipients.set(log.address, new Set([to]));
  }
  return recipients;
}

const nothingElse = {
  asset: { standard: 'native' },
  logIndex: null,
  batchIndex: null,
  recipients: 1,
} as const;

function toWithdrawal({ index, address, amountGwei }: CheckedWithdrawal): Transfer {
  return {
    ...nothingElse,
    kind: 'withdrawal',
    key: `withdrawal:${index}`,
    from: null,
    to: address,
    amount: BigInt(amountGwei) * WEI_PER_GWEI,
    transaction: null,
  };
}

function toTransaction(transaction: CheckedTransaction): TransferTransaction {
  const { hash, index, type, from, to, createdContract, isSuccessful, value, cost } = transaction;
  return {
    hash,
    index,
    type,
    from,
    to,
    createdContract,
    isSuccessful,
    value: BigInt(value),
    ...feeOf(cost, type),
  };
}
