import { NodeError } from '../node-error';
import { isRecord, type JsonRecord } from '../rpc/json-rpc';

// The answers of toncenter's API, version 2.

export type AccountState = 'active' | 'uninitialized' | 'frozen';

/** How a get method ended. `value` is its only result, when it is a number. */
export interface GetMethodResult {
  readonly exitCode: number;
  readonly value: bigint | null;
}

const STATES: readonly AccountState[] = ['active', 'uninitialized', 'frozen'];

/** @throws NodeError for an answer that is none */
export function readResult(answer: unknown): JsonRecord {
  if (!isRecord(answer)) throw malformed();
  if (answer['ok'] === true && isRecord(answer['result'])) return answer['result'];
  // `code` is a status of HTTP: the answer itself may have another one.
  if (answer['code'] === 429) throw new NodeError('limited', { reason: 'status_429' });
  if (answer['ok'] === false) throw new NodeError('away', { reason: 'endpoint_error' });
  throw malformed();
}

/** The hash of the network's first state, as hex. */
export function readZeroState(result: JsonRecord): string {
  const init = result['init'];
  const hash = isRecord(init) ? init['root_hash'] : undefined;
  if (typeof hash !== 'string' || !/^[A-Za-z0-9+/]{43}=$/.test(hash)) throw malformed();
  return `0x${Buffer.from(hash, 'base64').toString('hex')}`;
}

export function readAccountState(result: JsonRecord): AccountState {
  const state = STATES.find((known) => known === result['state']);
  if (state === undefined) throw malformed();
  return state;
}

export function readGetMethod(result: JsonRecord): GetMethodResult {
  const { exit_code: exitCode, stack } = result;
  if (!Number.isSafeInteger(exitCode) || !Array.isArray(stack) || stack.length > 16) throw malformed();
  return { exitCode: exitCode as number, value: stack.length === 1 ? readNumber(stack[0]) : null };
}

/** `["num", "0x2a"]`; of 257 bits at most, as in the virtual machine. */
function readNumber(item: unknown): bigint | null {
  if (!Array.isArray(item) || item.length !== 2 || item[0] !== 'num') return null;
  const text: unknown = item[1];
  const match = typeof text === 'string' ? /^(-?)0x([0-9a-f]{1,64})$/i.exec(text) : null;
  const [, sign, digits] = match ?? [];
  if (digits === undefined) return null;
  const value = BigInt(`0x${digits}`);
  return sign === '-' ? -value : value;
}

function malformed(): NodeError {
  return new NodeError('away', { reason: 'not_an_answer' });
}
