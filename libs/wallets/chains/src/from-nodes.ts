import type { AppError } from '@countersign/text';
import { chainError } from './chains';
import { NodeError } from './node-error';

/** If two nodes are configured, one node's answer is not enough. */
export const NODES_ASKED = 2;
const DEFAULT_RETRY_SECONDS = 5;
const MAX_RETRY_SECONDS = 300;

/**
 * Asks two nodes, or the only one. Paused nodes come last. Another node replaces a node that does not answer.
 * @throws NodeError of the first node that failed, when too few nodes answer
 */
export async function fromNodes<N extends { readonly isPaused: boolean }, T>(
  nodes: readonly N[],
  work: (node: N) => Promise<T>,
): Promise<readonly T[]> {
  const waiting = inOrder(nodes);
  let first: NodeError | null = null;
  const askNext = async (): Promise<T> => {
    for (let node = waiting.shift(); node; node = waiting.shift()) {
      try {
        return await work(node);
      } catch (error) {
        if (!(error instanceof NodeError)) throw error;
        first ??= error;
      }
    }
    throw first ?? tooFewNodes();
  };
  return Promise.all(Array.from({ length: Math.min(NODES_ASKED, nodes.length) }, askNext));
}

export interface Reply<T> {
  /** 0 for the first URL of the chain. */
  readonly index: number;
  readonly answer: T;
}

/** Asks two nodes, or the only one, then all others unless `isSettled`. @returns the replies of nodes that answered */
export async function repliesOf<N extends { readonly isPaused: boolean; readonly index: number }, T>(
  nodes: readonly N[],
  ask: (node: N) => Promise<T>,
  isSettled: (answers: readonly T[]) => boolean,
): Promise<readonly Reply<T>[]> {
  const askAll = async (some: readonly N[]): Promise<readonly Reply<T>[]> => {
    const asked = some.map(async (node): Promise<Reply<T>[]> => {
      try {
        return [{ index: node.index, answer: await ask(node) }];
      } catch (error) {
        if (error instanceof NodeError) return [];
        throw error;
      }
    });
    return (await Promise.all(asked)).flat();
  };
  const waiting = inOrder(nodes);
  const first = await askAll(waiting.slice(0, NODES_ASKED));
  if (waiting.length <= NODES_ASKED || isSettled(first.map(({ answer }) => answer))) return first;
  return [...first, ...(await askAll(waiting.slice(NODES_ASKED)))];
}

/** Does the same as `repliesOf`, but returns only the answers. */
export async function askEnough<N extends { readonly isPaused: boolean; readonly index: number }, T>(
  nodes: readonly N[],
  ask: (node: N) => Promise<T>,
  isSettled: (answers: readonly T[]) => boolean,
): Promise<readonly T[]> {
  return (await repliesOf(nodes, ask, isSettled)).map(({ answer }) => answer);
}

/** The most frequent value if two nodes, or the only configured one, gave it; `undefined` for none and for a tie. */
export function agreedOf<T>(values: readonly T[], nodeCount: number): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [[best, most] = [undefined, 0], [, next] = [undefined, 0]] = [...counts].toSorted(
    ([, one], [, other]) => other - one,
  );
  return most >= Math.min(NODES_ASKED, nodeCount) && most > next ? best : undefined;
}

/** Puts paused nodes last, and otherwise keeps the order of the file. */
export function inOrder<N extends { readonly isPaused: boolean }>(nodes: readonly N[]): N[] {
  return [...nodes.filter(({ isPaused }) => !isPaused), ...nodes.filter(({ isPaused }) => isPaused)];
}

/** The 503 for a request that needed the node, with `retryAfterSeconds` from 1 to 300. */
export function unavailable(error: NodeError): AppError {
  const seconds = Math.ceil((error.details.retryAfterMs ?? 0) / 1_000);
  const retryAfterSeconds = Math.min(MAX_RETRY_SECONDS, seconds || DEFAULT_RETRY_SECONDS);
  return chainError('chain.unavailable', { retryAfterSeconds, cause: error });
}

/** For `catch`. */
export function throwUnavailable(error: unknown): never {
  throw error instanceof NodeError ? unavailable(error) : error;
}

/** For `catch`. Returns null for a NodeError. @throws any other error */
export function nullIfAway(error: unknown): null {
  if (error instanceof NodeError) return null;
  throw error;
}

export function tooFewNodes(): NodeError {
  return new NodeError('away', { reason: 'too_few_nodes' });
}
