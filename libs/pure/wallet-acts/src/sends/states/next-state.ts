import type { Hex } from 'viem';
import { NODES_NEEDED } from '../nodes-needed';

export interface MinedVersion {
  /** Number of the version: any of those that were sent may be the one. */
  readonly version: number;
  readonly blockNumber: number;
  readonly blockHash: string;
  /** Whether it did what it was to do, or reverted. */
  readonly succeeded: boolean;
  /** The hash where the transaction does the same as the version and is not stored: it was signed after the backup that is restored. */
  readonly unstoredHash?: string;
}

/**
 * - `broadcasting`: committed before the first byte left;
 * - `mined`: in a block that two nodes have;
 * - `final`, `failed`: two nodes call that block final, and it succeeded or reverted there;
 * - `replaced`: two nodes call a block final in which another transaction used its nonce.
 */
export type SendState =
  | OpenState
  | (MinedVersion & { readonly name: 'final' | 'failed' })
  | { readonly name: 'replaced'; readonly by: Hex };

type OpenState = { readonly name: 'broadcasting' } | (MinedVersion & { readonly name: 'mined' });

/** What one node says about the nonce of a send, by its own chain. */
export interface NodeView {
  readonly head: number;
  /** Number of the last block that it calls final. */
  readonly finalHead: number;
  /** How many nonces of the wallet are used up in its latest block. */
  readonly nonces: number;
  /** As `nonces`, in the last block that it calls final. */
  readonly finalNonces: number;
  readonly mined: MinedVersion | null;
  /** The hash of the transaction that used the nonce in a block that it calls final, where that is not one of the send. */
  readonly foreign: Hex | null;
}

interface NextState {
  readonly state: SendState;
  /** Whether nodes say what cannot be true together: one of them lies, or a final block was replaced. */
  readonly areNodesContradictory: boolean;
}

/**
 * The state of a send on an EVM chain by what nodes say about its nonce: of TON see `decideTonSend`. One node alone moves nothing;
 * where two say one thing and two another, the state stays. Answers to broadcasts are no evidence,
 * and a transaction that was sent can be mined until its nonce is used.
 *
 * @param nonce of all versions of the send
 */
export function nextState(state: OpenState, nonce: number, nodes: readonly NodeView[]): NextState {
  const views = nodes.filter((view) => isPossible(view, nonce));
  const settled = views.flatMap((view) => settledBy(view) ?? []);
  const areNodesContradictory =
    new Set(settled.map(keyOf)).size > 1 ||
    views.some(({ mined: one }) => views.some(({ mined: other }) => one && other && contradict(one, other)));
  return { state: moved(state, views, settled), areNodesContradictory };
}

function moved(state: OpenState, views: readonly NodeView[], settled: readonly SendState[]): SendState {
  const [end, otherEnd] = agreed(settled);
  if (end) return otherEnd ? state : end;
  const [block, otherBlock] = agreed(
    views.flatMap(({ mined }): SendState[] => (mined ? [{ ...mined, name: 'mined' }] : [])),
  );
  if (block) return otherBlock ? state : block;
  if (state.name !== 'mined') return state;
  // A node that is behind the block says nothing about it.
  const without = views.filter(({ mined, head }) => mined === null && head >= state.blockNumber);
  return without.length >= NODES_NEEDED ? { name: 'broadcasting' } : state;
}

function settledBy({ mined, finalHead, foreign }: NodeView): SendState | null {
  if (mined && mined.blockNumber <= finalHead)
    return { ...mined, name: mined.succeeded ? 'final' : 'failed' };
  return foreign === null ? null : { name: 'replaced', by: foreign };
}

/** The states that two nodes or more report, each once. */
function agreed(states: readonly SendState[]): readonly SendState[] {
  const byKey = new Map(states.map((state) => [keyOf(state), state]));
  return [...byKey].flatMap(([key, state]) =>
    states.filter((other) => keyOf(other) === key).length >= NODES_NEEDED ? [state] : [],
  );
}

function keyOf(state: SendState): string {
  if (state.name === 'replaced') return `replaced ${state.by}`;
  if (!('version' in state)) return state.name;
  const { name, version, blockNumber, blockHash, succeeded, unstoredHash } = state;
  return [name, version, blockNumber, blockHash, succeeded, unstoredHash].join(' ');
}

function contradict(one: MinedVersion, other: MinedVersion): boolean {
  return (
    one.blockHash === other.blockHash &&
    keyOf({ name: 'mined', ...one }) !== keyOf({ name: 'mined', ...other })
  );
}

/**
 * Whether the answers of a node fit together. Those of a node whose head moved between two questions may not: the
 * node is asked again.
 */
function isPossible(
  { head, finalHead, nonces, finalNonces, mined, foreign }: NodeView,
  nonce: number,
): boolean {
  const isFinal = mined !== null && mined.blockNumber <= finalHead;
  if (finalHead > head || finalNonces > nonces) return false;
  if (mined && (mined.blockNumber > head || nonces <= nonce || foreign !== null)) return false;
  return !((isFinal || foreign !== null) && finalNonces <= nonce);
}
