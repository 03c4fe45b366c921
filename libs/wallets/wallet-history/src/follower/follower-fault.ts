import { NodeError } from '@countersign/chains';
import { Disagreement, type Verdict } from './agreement';

/** The chain contradicts a final block. Nothing is changed while it does. */
export const BELOW_FINALITY = 'below_finality';
/** Two final blocks have the same transaction. Nothing becomes final while they do. */
export const TRANSACTION_TWICE = 'transaction_twice';

const STOPPING: readonly string[] = [BELOW_FINALITY, TRANSACTION_TWICE];
const NAME = /^[A-Za-z]{1,60}$/;
const CODE = /^[A-Za-z0-9_]{1,40}$/;

/** What a round of a follower failed on. */
export interface FollowerFault {
  readonly kind:
    | 'away'
    | 'limited'
    | 'refused'
    | 'lying'
    | 'disagreement'
    | 'unconfirmed'
    | 'unknown_header'
    | 'internal';
  /** `null`: the chain is read all the same. */
  readonly state: 'waiting' | 'stopped' | null;
  /** For operators: kind and reason, or class and code of an error of ours. Never its message, which may quote rows. */
  readonly text: string;
}

export function faultOf(error: unknown): FollowerFault {
  if (error instanceof Disagreement)
    return {
      kind: 'disagreement',
      state: 'waiting',
      text: `disagreement: nodes ${error.indexes.join(' and ')} of the file of chains`,
    };
  if (error instanceof NodeError) {
    const { kind, details } = error;
    const state = STOPPING.includes(details.reason) ? 'stopped' : 'waiting';
    return { kind, state, text: `${kind}: ${details.reason}` };
  }
  const { name, code, driverError } = (error ?? {}) as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly driverError?: { readonly code?: unknown };
  };
  const words = [wordOf(name, NAME) ?? 'Error', wordOf(code, CODE) ?? wordOf(driverError?.code, CODE)];
  return {
    kind: 'internal',
    state: 'waiting',
    text: `internal: ${words.filter((word) => word !== null).join(' ')}`,
  };
}

/** Blocks are read, and nothing in them is proven: this version knows no such header. */
export const UNKNOWN_HEADER: FollowerFault = {
  kind: 'unknown_header',
  state: null,
  text: 'unknown_header: a header has a field that this version does not know',
};

/** Blocks are read, and none becomes final: another node has to confirm it. */
export function unconfirmed(kind: Exclude<Verdict['kind'], 'agreed'>): FollowerFault {
  const reason = kind === 'alone' ? 'no_second_node' : 'second_node_behind';
  return { kind: 'unconfirmed', state: 'waiting', text: `unconfirmed: ${reason}` };
}

function wordOf(value: unknown, form: RegExp): string | null {
  return typeof value === 'string' && form.test(value) ? value : null;
}
