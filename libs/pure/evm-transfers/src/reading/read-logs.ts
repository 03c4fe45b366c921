import type { CheckedLog } from '../checked-transaction';
import { isHash, isQuantity, readAddress, readHash, readNumber, type Expected, type Hash } from '../hex';
import { isFields, type Fields } from './json-fields';

/** Where a transaction stands, and so what it, its receipt and its logs must say of themselves. */
export interface LogPosition {
  readonly number: Expected;
  readonly hash: Hash;
  readonly index: Expected;
  /** Of its first log. */
  readonly logIndex: number;
}

type OfTransaction = LogPosition & { readonly transactionHash: Hash };

const MAX_TOPICS = 4;

/** The logs of one receipt; undefined where one is malformed or of another place. Their data is read by the decoders, and only where the topics say that it matters. */
export function readLogs(raw: unknown, position: OfTransaction): CheckedLog[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  const logs: CheckedLog[] = [];
  for (const [at, log] of (raw as readonly unknown[]).entries()) {
    if (!isFields(log)) return undefined;
    const address = readAddress(log['address']);
    const topics = readTopics(log['topics']);
    const index = readNumber(log['logIndex']);
    const data = log['data'];
    if (!address || !topics || typeof data !== 'string') return undefined;
    if (!isAt(log, position) || index !== position.logIndex + at) return undefined;
    logs.push({ address, topics, data });
  }
  return logs;
}

function readTopics(raw: unknown): Hash[] | undefined {
  if (!Array.isArray(raw) || raw.length > MAX_TOPICS) return undefined;
  const topics: Hash[] = [];
  for (const one of raw as readonly unknown[]) {
    const topic = readHash(one);
    if (!topic) return undefined;
    topics.push(topic);
  }
  return topics;
}

function isAt(log: Fields, { number, hash, index, transactionHash }: OfTransaction): boolean {
  return (
    log['removed'] !== true &&
    isHash(log['blockHash'], hash) &&
    isHash(log['transactionHash'], transactionHash) &&
    isQuantity(log['blockNumber'], number) &&
    isQuantity(log['transactionIndex'], index)
  );
}
