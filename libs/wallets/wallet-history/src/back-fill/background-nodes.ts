import { NodeError, type EvmNode } from '@countersign/chains';
import type { CheckedBlock } from '@countersign/evm-blocks';
import { ChainReader } from '../follower/chain-reader';

/** The node, whose calls wait until others have had theirs. */
export function inBackground(node: EvmNode): EvmNode {
  return {
    chain: node.chain,
    index: node.index,
    get isPaused() {
      return node.isPaused;
    },
    request: (method, params, limits) => node.request(method, params, { ...limits, urgency: 'back-fill' }),
    batch: (calls, limits) => node.batch(calls, { ...limits, urgency: 'back-fill' }),
  };
}

/**
 * Does the work with the first node that can. Tries paused nodes last. Unlike `EvmNodes.use` it does not count lies: the
 * follower may go on with a node whose logs are wrong and whose blocks are right.
 * @throws NodeError of the first node when none can
 */
export async function withFirst<T>(
  nodes: readonly EvmNode[],
  work: (node: EvmNode) => Promise<T>,
): Promise<T> {
  let first: NodeError | null = null;
  for (const node of inOrder(nodes))
    try {
      return await work(node);
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      first ??= error;
    }
  throw first ?? new NodeError('away', { reason: 'too_few_nodes' });
}

/**
 * Blocks below the first followed one hang on no block of the window. Where a chain has several nodes, another one has to
 * have the same.
 * @param nodes all of the chain
 * @throws NodeError
 */
export async function assertAgreed(
  node: EvmNode,
  nodes: readonly EvmNode[],
  blocks: readonly CheckedBlock[],
): Promise<void> {
  const others = nodes.filter(({ index }) => index !== node.index);
  if (others.length === 0) return;
  await withFirst(others, async (other) => {
    const reader = new ChainReader(other.chain, inBackground(other));
    for (const { number, hash } of blocks) {
      const link = await reader.linkByNumber(number);
      if (!link) throw new NodeError('away', { reason: 'block.absent' });
      if (link.hash !== hash) throw new NodeError('lying', { reason: 'nodes_disagree' });
    }
  });
}

function inOrder(nodes: readonly EvmNode[]): readonly EvmNode[] {
  return nodes.toSorted((one, other) => Number(one.isPaused) - Number(other.isPaused));
}
