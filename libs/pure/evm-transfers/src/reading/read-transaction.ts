import type { ChainRules } from '../chain-rules';
import type { CheckedTransaction } from '../checked-transaction';
import { isHash, isQuantity, readAddress, readHash, readNumber, readQuantity } from '../hex';
import { isAbsent, isFields, type Fields } from './json-fields';
import { readLogs, type LogPosition } from './read-logs';
import { readCost } from './transaction-cost';
import { ARBITRUM_TICKET, isSignedForChain, OPTIMISM_DEPOSIT } from './transaction-types';

/** Undefined where the transaction or its receipt is malformed, of another place or chain, or one contradicts the other. */
export function readTransaction(
  raw: unknown,
  receipt: unknown,
  position: LogPosition,
  rules: ChainRules,
): CheckedTransaction | undefined {
  const sent = readSent(raw);
  if (!isFields(raw) || !sent || !isAt(raw, position)) return undefined;
  if (isOfOtherChain(raw, sent.type, rules)) return undefined;

  if (!isFields(receipt) || !isHash(receipt['transactionHash'], sent.hash)) return undefined;
  if (!isAt(receipt, position)) return undefined;
  if (!isPartyOf(receipt['from'], sent.from) || !isPartyOf(receipt['to'], sent.to)) return undefined;
  const outcome = readOutcome(receipt, sent);
  const cost = readCost(raw, receipt, sent.type);
  const logs = readLogs(receipt['logs'], { ...position, transactionHash: sent.hash });
  if (!outcome || !cost || !logs) return undefined;
  return { ...sent, ...outcome, index: position.index.number, cost, logs };
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
  if (!isSignedForChain(type) || isAbsent(raw['chainId'])) return false;
  return readNumber(raw['chainId']) !== chainId;
}
