import { NodeError } from '../node-error';

/** What a node said to the bytes of a send. It decides nothing: what became of them two nodes say. */
export interface NodeAnswer {
  /** 0 for the first URL of the chain. */
  readonly node: number;
  /** `unanswered`: the node may have taken them. */
  readonly answer: 'accepted' | 'known' | 'refused' | 'unanswered';
  /** Of JSON-RPC, or a status of HTTP, with `known` and `refused`. */
  readonly code: number | null;
  /** Words of the node without numbers, addresses and URLs, or why it did not answer; `null` where it took the bytes. */
  readonly words: string | null;
}

/** Of clients that have the bytes. */
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
