/**
 * - `away`: no connection, no answer within the time limit, an answer of the wrong form, or a status such as 502
 * - `limited`: the node wants fewer requests (429, or our own limit for its URL)
 * - `refused`: the node answered the request with an error, which has a `code`
 * - `lying`: it is of another chain, or what it says cannot be
 */
export type NodeErrorKind = 'away' | 'limited' | 'refused' | 'lying';

interface NodeErrorDetails {
  /** A short code for the log and the state of the node, such as `status_502`: never a URL, never an answer. */
  readonly reason: string;
  /** Of JSON-RPC, with `refused`. */
  readonly code?: number;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** For an answer of another form than asked for. @throws NodeError */
export function malformed(reason = 'not_an_answer'): never {
  throw new NodeError('away', { reason });
}

/** A node did not give a usable answer. */
export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly #words: string;

  /** @param words see `words` */
  constructor(
    readonly kind: NodeErrorKind,
    readonly details: NodeErrorDetails,
    words = '',
  ) {
    super(`a node is ${kind}: ${details.reason}`, { cause: details.cause });
    this.#words = words;
  }

  /** The words of the node, with `refused`: without numbers, addresses and URLs. They are in no log. */
  get words(): string {
    return this.#words;
  }
}
