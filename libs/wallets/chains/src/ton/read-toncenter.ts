import { seqnoOf, type TonWalletAnswer } from '@countersign/transfers';
import { malformed, NodeError } from '../node-error';
import { isRecord, parseJson, readJsonAnswer, type JsonRecord } from '../rpc/json-rpc';

// The answers of toncenter's API, version 2.

type AccountState = 'active' | 'uninitialized' | 'frozen';

/** How a get method ended. `value` is its only result, if that is a number. */
export interface GetMethodResult {
  readonly exitCode: number;
  readonly stack: readonly StackItem[];
  readonly value: bigint | null;
}

/** A number, a cell in base64, or null for any other item. */
export type StackItem = bigint | string | null;

export interface TonAccount {
  readonly state: AccountState;
  /** In nanocoins, 10^-9 of the coin. */
  readonly balance: bigint;
}

/** A block of the masterchain. */
export interface TonBlock {
  readonly number: number;
  /** Lower-case hex. */
  readonly hash: string;
}

const STATES: readonly AccountState[] = ['active', 'uninitialized', 'frozen'];

export function readResult(answer: unknown): JsonRecord {
  if (!isRecord(answer)) return malformed();
  if (answer['ok'] === true && isRecord(answer['result'])) return answer['result'];
  // `code` is an HTTP status. The status of the answer itself may differ.
  if (answer['code'] === 429) throw new NodeError('limited', { reason: 'status_429' });
  if (answer['ok'] === false) throw new NodeError('away', { reason: 'endpoint_error' });
  return malformed();
}

/** Returns the hash of the network's first state as hex. */
export function readZeroState(result: JsonRecord): string {
  const init = result['init'];
  return `0x${readTonHash(isRecord(init) ? init['root_hash'] : undefined)}`;
}

/** Reads the newest block of the masterchain, in version 2 and 3. */
export function readLastBlock({ last }: JsonRecord): TonBlock {
  const { seqno, root_hash: hash } = isRecord(last) ? last : {};
  if (!Number.isSafeInteger(seqno) || (seqno as number) < 0) return malformed();
  return { number: seqno as number, hash: readTonHash(hash) };
}

/** Reads 32 bytes in base64 as lower-case hex. @throws NodeError */
export function readTonHash(hash: unknown): string {
  if (typeof hash !== 'string' || !/^[A-Za-z0-9+/]{43}=$/.test(hash)) return malformed();
  return Buffer.from(hash, 'base64').toString('hex');
}

export function readAccount(result: JsonRecord): TonAccount {
  const { balance } = result;
  const state = STATES.find((known) => known === result['state']);
  // For an account that does not exist, it may be a number.
  const digits = typeof balance === 'string' || balance === 0 ? String(balance) : '';
  if (state === undefined || !/^\d{1,39}$/.test(digits)) return malformed();
  return { state, balance: BigInt(digits) };
}

export function readGetMethod(result: JsonRecord): GetMethodResult {
  const { exit_code: exitCode, stack } = result;
  if (!Number.isSafeInteger(exitCode) || !Array.isArray(stack) || stack.length > 16) return malformed();
  const items = stack.map((item) => readNumber(item) ?? readCell(item));
  const [only] = items;
  return {
    exitCode: exitCode as number,
    stack: items,
    value: items.length === 1 && typeof only === 'bigint' ? only : null,
  };
}

/** Reads `["cell", { "bytes": "te6cc..." }]`, and the same form for slices. */
function readCell(item: unknown): string | null {
  const [kind, cell] = Array.isArray(item) ? (item as readonly unknown[]) : [];
  const bytes = (kind === 'cell' || kind === 'slice') && isRecord(cell) ? cell['bytes'] : null;
  return typeof bytes === 'string' ? bytes : null;
}

/** Reads `["num", "0x2a"]`. The virtual machine's numbers have at most 257 bits. */
function readNumber(item: unknown): bigint | null {
  if (!Array.isArray(item) || item.length !== 2 || item[0] !== 'num') return null;
  const text: unknown = item[1];
  const match = typeof text === 'string' ? /^(-?)0x([0-9a-f]{1,64})$/i.exec(text) : null;
  const [, sign, digits] = match ?? [];
  if (digits === undefined) return null;
  const value = BigInt(`0x${digits}`);
  return sign === '-' ? -value : value;
}

/** A v5r1 wallet as one endpoint answers it. All values are of one block. */
export interface TonWalletState extends TonWalletAnswer {
  readonly state: AccountState;
  /** In nanocoins. */
  readonly balance: bigint;
}

/** Long enough for the exit code, which follows a transaction's hash in the text. */
const MAX_TEXT = 400;
const MAX_TIME = 2 ** 32;
const LONG_RUN = /[^\s:;,=()]{32,}/g;

/** Reads seqno and time from one `getAddressInformation` answer: two answers could come from two servers. */
export function readWallet(result: JsonRecord): TonWalletState {
  const { state, balance } = readAccount(result);
  const { sync_utime: shardTime, code, data } = result;
  const isTime =
    Number.isSafeInteger(shardTime) && (shardTime as number) > 0 && (shardTime as number) < MAX_TIME;
  if (!isTime) return malformed();
  const account = { state, balance, shardTime: shardTime as number };
  if (state !== 'active') return { ...account, seqno: state === 'uninitialized' ? 0 : null };
  if (typeof code !== 'string' || typeof data !== 'string') return malformed();
  return { ...account, seqno: seqnoOf(Buffer.from(code, 'base64'), Buffer.from(data, 'base64')) };
}

export function assertPassedOn(answer: unknown): void {
  if (!isRecord(answer)) return malformed();
  const { ok, code, error } = answer;
  if (ok === true) return;
  if (code === 429) throw new NodeError('limited', { reason: 'status_429' });
  if (ok !== false || typeof error !== 'string') return malformed();
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

/** Does the same as `readJsonAnswer`, and also reads toncenter's refusals with statuses such as 500. */
export function readRefusalOfAnyStatus(status: number, retryAfterMs: number | null, body: string): unknown {
  const answer = status === 429 ? undefined : parseJson(body);
  const isRefusal = isRecord(answer) && answer['ok'] === false && typeof answer['error'] === 'string';
  return isRefusal ? answer : readJsonAnswer(status, retryAfterMs, body);
}
