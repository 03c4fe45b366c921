import { accepted, refused, type Result } from '@countersign/errors';
import type { BlockFault } from '../block-faults';
import type { ChainRules } from '../chain-rules';
import type { CheckedTransaction } from '../checked-block';
import { isHash, isQuantity, readAddress, readHash, readNumber, readQuantity } from '../hex';
import { isAbsent, isFields, type Fields } from './json-fields';
import { readLogs, type LogPosition } from './read-logs';
import { readCost } from './transaction-cost';
import { ARBITRUM_TICKET, isSignedForChain, OPTIMISM_DEPOSIT } from './transaction-types';

export function readTransaction(
  raw: unknown,
  receipt: unknown,
  position: LogPosition,
  rules: ChainRules,
): Result<CheckedTransaction, BlockFault> {
  const sent = readSent(raw);
  if (!isFields(raw) || !sent) return refused('block.transaction_malformed');
  if (!isAt(raw, position)) return refused('block.transaction_misplaced');
  if (isOfOtherChain(raw, sent.type, rules)) return refused('block.other_chain');

  if (!isFields(receipt)) return refused('block.receipt_malformed');
  if (!isHash(receipt['transactionHash'], sent.hash) || !isAt(receipt, position)) {
    return refused('block.receipt_misplaced');
  }
  if (!isPartyOf(receipt['from'], sent.from) || !isPartyOf(receipt['to'], sent.to)) {
    return refused('block.receipt_misplaced');
  }
  const outcome = readOutcome(receipt, sent);
  const cost = readCost(raw, receipt, sent.type);
  if (!outcome || !cost) return refused('block.receipt_malformed');
  const logs = readLogs(receipt['logs'], { ...position, transactionHash: sent.hash });
  if (!logs.ok) return logs;
  return accepted({
    ...sent,
    ...outcome,
    index: position.index.number,
    cost,
    logs: logs.value,
    raw: rules.hasEthereumEncoding ? raw : undefined,
  });
}

type Sent = Pick<CheckedTransaction, 'hash' | 'type' | 'from' | 'to' | 'value' | 'mint'>;

function readSent(raw: unknown): Sent | undefined {
  if (!isFields(raw)) return undefined;
  const hash = readHash(raw['hash']);
  const type = readNumber(raw['type'] ?? '0x0');
  const from = readAddress(raw['from']);
  const to = isAbsent(raw['to']) ? null : readAddress(raw['to']);
  const value = readQuantity(raw['value']);
  if (!hash || type === undefined || !from || to === undefined || value === undefined) return undefined;
  const mint = readMint(raw, type);
  return mint === undefined ? undefined : { hash, type, from, to, value, mint };
}

function readMint(raw: Fields, type: number): string | null | undefined {
  const mint =
    type === OPTIMISM_DEPOSIT ? raw['mint'] : type === ARBITRUM_TICKET ? raw['depositValue'] : null;
  return isAbsent(mint) ? null : readQuantity(mint);
}

/** From before Byzantium receipts tell no outcome: no chain that still runs has such blocks at its head. */
function readOutcome(
  receipt: Fields,
  { to }: Sent,
): Pick<CheckedTransaction, 'isSuccessful' | 'createdContract'> | undefined {
  const status = readNumber(receipt['status']);
  if (status !== 0 && status !== 1) return undefined;
  const isSuccessful = status === 1;
  // Some nodes name contracts that were created on the way.
  if (to !== null) return { isSuccessful, createdContract: null };
  const created = isAbsent(receipt['contractAddress']) ? null : readAddress(receipt['contractAddress']);
  if (created === undefined || (created === null && isSuccessful)) return undefined;
  return { isSuccessful, createdContract: created };
}

function isAt(raw: Fields, { number, hash, index }: LogPosition): boolean {
  return (
    isHash(raw['blockHash'], hash) &&
    isQuantity(raw['blockNumber'], number) &&
    isQuantity(raw['transactionIndex'], index)
  );
}

function isPartyOf(reported: unknown, sent: string | null): boolean {
  return isAbsent(reported) || reported === sent || readAddress(reported) === sent;
}

function isOfOtherChain(raw: Fields, type: number, { chainId }: ChainRules): boolean {
  if (chainId === null || !isSignedForChain(type) || isAbsent(raw['chainId'])) return false;
  return readNumber(raw['chainId']) !== chainId;
}
