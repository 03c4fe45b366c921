import { NodeError } from '../node-error';

/** An object from `JSON.parse`. Its values are unchecked. */
export type JsonRecord = Readonly<Record<string, unknown>>;

const MAX_MESSAGE = 200;
/** A word with its punctuation that is too short to be a key. */
const WORD = /^["'([]?[A-Za-z][A-Za-z_'-]{0,23}["')\]]?[.,:;!]?$/;
/** Providers answer these texts, some of them with status 200. */
const TOO_MANY =
  /too many requests|rate.?limit|requests? per second|compute units|throughput|request count exceeded|daily request/i;
const NODE_HAS_A_FAULT = new Set([502, 503, 504]);

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

export type RpcAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: NodeError };

export interface RequestLimits {
  /** The answer's size; 16 MiB by default. */
  readonly maxBytes?: number | undefined;
  /** In milliseconds. The chain's limit is the default and the maximum. */
  readonly timeLimitMs?: number | undefined;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readJsonAnswer(status: number, retryAfterMs: number | null, body: string): unknown {
  const later = retryAfterMs === null ? {} : { retryAfterMs };
  if (status === 429) throw new NodeError('limited', { reason: 'status_429', ...later });
  if ((status >= 300 && status < 400) || NODE_HAS_A_FAULT.has(status))
    throw new NodeError('away', { reason: `status_${status}`, ...later });
  const answer = parseJson(body);
  // A JSON-RPC error may come with any status.
  if (status === 200 || isError(answer)) {
    if (answer === undefined) throw new NodeError('away', { reason: 'not_json' });
    return answer;
  }
  throw new NodeError(status === 413 ? 'refused' : 'away', { reason: `status_${status}`, ...later });
}

export function resultOf(answer: RpcAnswer | undefined): unknown {
  if (answer?.ok) return answer.result;
  throw answer?.error ?? new NodeError('away', { reason: 'missing_answer' });
}

export function readOne(answer: unknown, id: number): RpcAnswer {
  if (!isRecord(answer)) return failed('not_an_answer');
  // An error about a request that was not understood has no id.
  if (answer['id'] !== id && !(isError(answer) && answer['id'] == null)) return failed('wrong_id');
  if (isError(answer)) return { ok: false, error: refusal(answer['error'] as JsonRecord) };
  return 'result' in answer ? { ok: true, result: answer['result'] } : failed('not_an_answer');
}

/** Returns the answers to a batch with the ids `firstId`, `firstId + 1` and so on, in that order. */
export function readBatch(answer: unknown, firstId: number, count: number): readonly RpcAnswer[] {
  if (isError(answer)) throw refusal((answer as JsonRecord)['error'] as JsonRecord);
  if (!Array.isArray(answer) || answer.length > count) throw new NodeError('away', { reason: 'not_a_batch' });
  const byId = new Map<unknown, unknown>();
  for (const item of answer as unknown[]) {
    const id = isRecord(item) ? item['id'] : undefined;
    if (typeof id !== 'number' || byId.has(id)) throw new NodeError('away', { reason: 'wrong_id' });
    byId.set(id, item);
  }
  return Array.from({ length: count }, (_, index) => {
    const id = firstId + index;
    return byId.has(id) ? readOne(byId.get(id), id) : failed('missing_answer');
  });
}

function isError(answer: unknown): boolean {
  return isRecord(answer) && isRecord(answer['error']);
}

function refusal({ code, message }: JsonRecord): NodeError {
  // Only its words are used, because the text may repeat the URL's key or the requested address.
  const text = typeof message === 'string' ? message.slice(0, MAX_MESSAGE) : '';
  // The text of a revert does not count, because a contract chooses it.
  if (code === 429 || (TOO_MANY.test(text) && !/revert/i.test(text)))
    return new NodeError('limited', { reason: 'json_rpc_limit' });
  const details = {
    reason: 'json_rpc_error',
    ...(Number.isSafeInteger(code) ? { code: code as number } : {}),
  };
  return new NodeError('refused', details, wordsOf(text));
}

/** Replaces by `*` what could be an address, an amount, a host name or a key. */
function wordsOf(text: string): string {
  const words = text.split(/\s+/).map((word) => (WORD.test(word) ? word : '*'));
  return words.join(' ').trim();
}

function failed(reason: string): RpcAnswer {
  return { ok: false, error: new NodeError('away', { reason }) };
}

/** Returns `undefined` if the text is not JSON. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
