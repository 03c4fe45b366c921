import { seqnoOf, type TonWalletAnswer } from '@countersign/ton-sends';
import { NodeError } from '../node-error';
import { isRecord, parseJson, readJsonAnswer, type JsonRecord } from '../rpc/json-rpc';
import { malformed, readAccount, type AccountState } from './read-toncenter';

// The answers of toncenter's API, version 2, about sending.

/** A wallet v5r1 as one endpoint answers it, all of one block. */
export interface TonWalletState extends TonWalletAnswer {
  readonly state: AccountState;
  /** In nanocoins. */
  readonly balance: bigint;
}

/** Characters of an endpoint, long enough for the exit code, which follows the hash of a transaction. */
const MAX_TEXT = 400;
const MAX_TIME = 2 ** 32;
const LONG_RUN = /[^\s:;,=()]{32,}/g;

/**
 * Reads the answer to `getAddressInformation`. Seqno and time come from one answer: two answers could come from two servers.
 * @throws NodeError
 */
export function readWallet(result: JsonRecord): TonWalletState {
  const { state, balance } = readAccount(result);
  const { sync_utime: shardTime, code, data } = result;
  const isTime =
    Number.isSafeInteger(shardTime) && (shardTime as number) > 0 && (shardTime as number) < MAX_TIME;
  if (!isTime) throw malformed();
  const account = { state, balance, shardTime: shardTime as number };
  if (state !== 'active') return { ...account, seqno: state === 'uninitialized' ? 0 : null };
  if (typeof code !== 'string' || typeof data !== 'string') throw malformed();
  return { ...account, seqno: seqnoOf(Buffer.from(code, 'base64'), Buffer.from(data, 'base64')) };
}

/** @throws NodeError unless the endpoint says that it passed the message on; `refused` with its words */
export function assertPassedOn(answer: unknown): void {
  if (!isRecord(answer)) throw malformed();
  const { ok, code, error } = answer;
  if (ok === true) return;
  if (code === 429) throw new NodeError('limited', { reason: 'status_429' });
  if (ok !== false || typeof error !== 'string') throw malformed();
  const details = {
    reason: 'endpoint_error',
    ...(Number.isSafeInteger(code) ? { code: code as number } : {}),
  };
  throw new NodeError(
    'refused',
    details,
    error.replace(/\s+/g, ' ').replace(LONG_RUN, '*').slice(0, MAX_TEXT),
  );
}

/** As `readJsonAnswer`, and also reads the refusals that toncenter sends with statuses such as 500: their text is needed. */
export function readRefusalOfAnyStatus(status: number, retryAfterMs: number | null, body: string): unknown {
  const answer = status === 429 ? undefined : parseJson(body);
  const isRefusal = isRecord(answer) && answer['ok'] === false && typeof answer['error'] === 'string';
  return isRefusal ? answer : readJsonAnswer(status, retryAfterMs, body);
}
