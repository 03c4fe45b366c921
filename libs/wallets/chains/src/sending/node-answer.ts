import { NodeError } from '../node-error';

/** A node's answer to the bytes of a send. It decides nothing: two nodes say what became of the bytes. */
export interface NodeAnswer {
  /** 0 for the first URL of the chain. */
  readonly node: number;
  /** `unanswered`: the node may have taken the bytes. */
  readonly answer: 'accepted' | 'known' | 'refused' | 'unanswered';
  /** The JSON-RPC code or HTTP status, with `known` and `refused`. */
  readonly code: number | null;
  /** The node's words as in `NodeError.words`, or why it did not answer; `null` if it took the bytes. */
  readonly words: string | null;
}

/** Clients that already have the bytes answer these texts. */
const KNOWN =
  /\balready ?known\b|\bknown transaction\b|\balready imported\b|\balready[ _]exists\b|\balready in (?:the )?(?:mem|tx)?pool\b|\bexisting txn? with same hash\b/i;

export function giveToAll<N extends { readonly index: number }>(
  nodes: readonly N[],
  give: (node: N) => Promise<unknown>,
): Promise<readonly NodeAnswer[]> {
  const given = nodes.map(async (each): Promise<NodeAnswer> => {
    const node = each.index;
    try {
      await give(each);
      return { node, answer: 'accepted', code: null, words: null };
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      const { kind, details, words } = error;
      if (kind !== 'refused') return { node, answer: 'unanswered', code: null, words: details.reason };
      return { node, answer: KNOWN.test(words) ? 'known' : 'refused', code: details.code ?? null, words };
    }
  });
  return Promise.all(given);
}
