import type { ChainRules } from '../chain-rules';
import type { CheckedTransaction } from '../checked-transaction';
import type { Address } from '../hex';
import { readTokenLog, type TokenLog } from './token-logs';
import { feeOf } from '../reading/transaction-cost';
import { hasValueFromElsewhere } from '../reading/transaction-types';
import type { Transfer, TransferTransaction } from './transfer';

/** The transfers of a transaction from or to a wallet, in the order of its logs. Logs that cannot be read are none. */
export function transfersOf(transaction: CheckedTransaction, wallet: Address, rules: ChainRules): Transfer[] {
  const common = { transaction: toTransaction(transaction) };
  return [
    ...nativeTransfers(transaction, wallet).map((transfer) => ({ ...nothingElse, ...transfer, ...common })),
    ...tokenTransfers(transaction, wallet, rules).map((transfer) => ({ ...transfer, ...common })),
  ];
}

function nativeTransfers(
  transaction: CheckedTransaction,
  wallet: Address,
): readonly Pick<Transfer, 'kind' | 'from' | 'to' | 'amount'>[] {
  const { from, type, mint, isSuccessful } = transaction;
  const to = transaction.to ?? transaction.createdContract;
  const isFromElsewhere = hasValueFromElsewhere(type);
  const isSent = from === wallet && !isFromElsewhere;
  const amount = isSuccessful ? BigInt(transaction.value) : 0n;
  const isReceived = amount > 0n && to === wallet;
  const minted = from === wallet ? BigInt(mint ?? 0) : 0n;
  const moved = isFromElsewhere
    ? ({ kind: 'deposit', from: null, to, amount } as const)
    : ({ kind: 'transaction', from, to, amount } as const);
  return [
    ...(minted > 0n ? [{ kind: 'deposit', from: null, to: from, amount: minted } as const] : []),
    ...(isSent || isReceived ? [moved] : []),
  ];
}

/** Logs of failed transactions are no token's: what its contract did was undone. */
function tokenTransfers(
  { isSuccessful, logs }: CheckedTransaction,
  wallet: Address,
  rules: ChainRules,
): readonly Omit<Transfer, 'transaction'>[] {
  if (!isSuccessful) return [];
  const tokenLogs = logs.flatMap((log) => readTokenLog(log, rules) ?? []);
  const ours = tokenLogs.filter(({ from, to }) => from === wallet || to === wallet);
  if (ours.length === 0) return [];
  const recipients = recipientsByContract(tokenLogs);
  return ours.flatMap(({ log, from, to, items }) =>
    (items() ?? []).map(({ asset, amount }) => ({
      ...({ kind: 'log', asset, from, to, amount } as const),
      recipients: recipients.get(log.address)?.size ?? 1,
    })),
  );
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

const nothingElse = { asset: { standard: 'native' }, recipients: 1 } as const;

function toTransaction(transaction: CheckedTransaction): TransferTransaction {
  const { hash, index, type, from, to, createdContract, isSuccessful, value, cost } = transaction;
  return {
    ...{ hash, index, from, to, createdContract, isSuccessful },
    ...{ value: BigInt(value), ...feeOf(cost, type) },
  };
}
