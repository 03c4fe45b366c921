import type { AppError } from '@countersign/errors';
import { walletChainsError } from '@countersign/wallet-proofs';
import { NodeError } from './node-error';

/** Where two nodes are configured, the answer of one alone is not enough. */
const NODES_ASKED = 2;
const DEFAULT_RETRY_SECONDS = 5;
const MAX_RETRY_SECONDS = 300;

/**
 * What two nodes say, or the only one. Those that are paused are asked last, and others stand in for those that do not
 * answer.
 * @throws NodeError of the first node, when too few answer
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
    throw first ?? new NodeError('away', { reason: 'too_few_nodes' });
  };
  return Promise.all(Array.from({ length: Math.min(NODES_ASKED, nodes.length) }, askNext));
}

/** Those that are up first, each in the order of the file. */
export function inOrder<N extends { readonly isPaused: boolean }>(nodes: readonly N[]): N[] {
  return [...nodes.filter(({ isPaused }) => !isPaused), ...nodes.filter(({ isPaused }) => isPaused)];
}

/** For a caller over HTTP: nothing is said of the proof. */
export function unavailable(error: NodeError): AppError {
  const seconds = Math.ceil((error.details.retryAfterMs ?? 0) / 1_000);
  const retryAfterSeconds = Math.min(MAX_RETRY_SECONDS, seconds || DEFAULT_RETRY_SECONDS);
  return walletChainsError('chain.unavailable', { retryAfterSeconds, cause: error });
}
