import type { Hex } from 'viem';
import { NODES_NEEDED } from '../nodes-needed';

export interface MinedVersion {
  /** Any of the sent versions may be mined. */
  readonly version: number;
  readonly blockNumber: number;
  readonly blockHash: string;
  /** False if the transaction reverted. */
  readonly succeeded: boolean;
  /** The hash of an equal but unstored transaction, which was signed after the restored backup. */
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

/** One node's answers about the nonce of a send, on its own chain. */
export interface NodeView {
  readonly head: number;
  /** The last block that the node calls final. */
  readonly finalHead: number;
  /** The number of used nonces of the wallet in the node's latest block. */
  readonly nonces: number;
  /** Like `nonces`, in the last final block. */
  readonly finalNonces: number;
  readonly mined: MinedVersion | null;
  /** The transaction in a final block that used the nonce and is not of the send. */
  readonly foreign: Hex | null;
}

interface NextState {
  readonly state: SendState;
  /** Whether the answers contradict each other: a node lies, or a final block was replaced. */
  readonly areNodesContradictory: boolean;
}

/**
 * The state of a send on an EVM chain from nodes' answers about its nonce. (For TON, see `decideTonSend`.) A single
 * node changes nothing, and with two against two the state stays. Answers to broadcasts are no evidence: a sent
 * transaction can be mined until its nonce is used. @param nonce all versions of the send have it
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
  // A node that has not reached the block says nothing about it.
  const without = views.filter(({ mined, head }) => mined === null && head >= state.blockNumber);
  return without.length >= NODES_NEEDED ? { name: 'broadcasting' } : state;
}

function settledBy({ mined, finalHead, foreign }: NodeView): SendState | null {
  if (mined && mined.blockNumber <= finalHead)
    return { ...mined, name: mined.succeeded ? 'final' : 'failed' };
  return foreign === null ? null : { name: 'replaced', by: foreign };
}

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

/** Whether a node's answers are consistent. If its head moved between questions, it is asked again. */
function isPossible(
  { head, finalHead, nonces, finalNonces, mined, foreign }: NodeView,
  nonce: number,
): boolean {
  const isFinal = mined !== null && mined.blockNumber <= finalHead;
  if (finalHead > head || finalNonces > nonces) return false;
  if (mined && (mined.blockNumber > head || nonces <= nonce || foreign !== null)) return false;
  return !((isFinal || foreign !== null) && finalNonces <= nonce);
}
