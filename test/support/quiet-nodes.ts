import { FakeNode, useFakeNode } from './fake-node';

const HASH = `0x${'ab'.repeat(32)}`;
const QUIET_BLOCKS = 20;

/** Two nodes of a chain without transactions, which say what a token for a send asks of them. */
export function useQuietNodes(): readonly [FakeNode, FakeNode] {
  const nodes = [useFakeNode(), useFakeNode()] as const;
  beforeEach(() => {
    for (const node of nodes) tellQuiet(node);
  });
  return nodes;
}

/** As `useQuietNodes`, for one test. Each has to be stopped. */
export async function startQuietNodes(): Promise<readonly [FakeNode, FakeNode]> {
  const nodes = [await FakeNode.start(), await FakeNode.start()] as const;
  for (const node of nodes) tellQuiet(node);
  return nodes;
}

function tellQuiet(node: FakeNode): void {
  node.lie('eth_getTransactionCount', '0x0');
  node.lie('eth_getBalance', '0xde0b6b3a7640000');
  node.lie('eth_blockNumber', '0x0');
  node.lie('eth_chainId', '0x7a69');
  node.lie('eth_getBlockByNumber', { number: '0x0', hash: HASH, baseFeePerGas: '0x7' });
  node.lie('eth_gasPrice', '0x3b9aca00');
  node.lie('eth_estimateGas', '0x5208');
  node.lie('eth_feeHistory', {
    baseFeePerGas: Array.from({ length: QUIET_BLOCKS + 1 }, () => '0x7'),
    gasUsedRatio: Array.from({ length: QUIET_BLOCKS }, () => 0),
    reward: Array.from({ length: QUIET_BLOCKS }, () => ['0x0']),
  });
}
