/**
 * - `away`: no connection, no answer in time, an answer of the wrong form, or a status such as 502
 * - `limited`: the node wants fewer requests (429), or our own limit for its URL is reached
 * - `refused`: the node answered the request with an error
 * - `lying`: the node belongs to another chain, or its answer cannot be true
 */
export type NodeErrorKind = 'away' | 'limited' | 'refused' | 'lying';

interface NodeErrorDetails {
  /** A short code for the log and the node's state, such as `status_502`. It never contains a URL or an answer. */
  readonly reason: string;
  /** The JSON-RPC error code, with `refused`. */
  readonly code?: number;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** Reports an answer of the wrong form. @throws NodeError */
export function malformed(reason = 'not_an_answer'): never {
  throw new NodeError('away', { reason });
}

/** A node did not give a usable answer. */
export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly #words: string;

  constructor(
    readonly kind: NodeErrorKind,
    readonly details: NodeErrorDetails,
    words = '',
  ) {
    super(`a node is ${kind}: ${details.reason}`, { cause: details.cause });
    this.#words = words;
  }

  /** The words of a node that refused, without runs that could be addresses or keys. They are never logged. */
  get words(): string {
    return this.#words;
  }
}
