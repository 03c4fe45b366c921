import { Injectable } from '@nestjs/common';
import {
  agreedOf,
  askEnough,
  EvmNodes,
  type Chain,
  type EvmNode,
  type FinalBlock,
  type Verification,
} from '@countersign/chains';
import { SECOND } from '@countersign/runtime';
import type { AmountReason } from '../dto/balances.response';
import {
  codeCall,
  coinCall,
  hasNoCode,
  readCoin,
  readToken,
  tokenCall,
  type AskedAsset,
  type ReadAnswer,
} from './evm-asset';

/** The amount of an asset in a wallet, in base units; for a collectible, the number of items. */
export interface Amounts {
  readonly amount: bigint | null;
  readonly reason: AmountReason | null;
  readonly verification: Verification;
}

/** `null`: the node does not know the state, or the contract gives no amount. */
type AmountsOfNode = readonly (bigint | null)[];

interface Question {
  readonly address: string;
  readonly assets: readonly AskedAsset[];
  /** By EIP-1898. */
  readonly block: { readonly blockHash: string; readonly requireCanonical: true };
}

const LIMITS = { timeLimitMs: 3 * SECOND };
/** The limit of one answer. */
export const MAX_ASKED = 50;
export const NOT_ASKED: Amounts = { amount: null, reason: 'not_asked', verification: 'none' };

/** Asks nodes what an address has. Only nodes that may learn the address are asked, and two if two are configured. */
@Injectable()
export class NodeAmounts {
  constructor(private readonly nodes: EvmNodes) {}

  /** @returns amounts in the order of the assets; assets after the first 50 are not asked about */
  async atBlock(
    chain: Chain,
    address: string,
    assets: readonly AskedAsset[],
    block: FinalBlock | 'away' | 'differ',
  ): Promise<readonly Amounts[]> {
    if (typeof block === 'string') return assets.map(() => ({ ...NOT_ASKED, reason: block }));
    const asked = assets.slice(0, chain.mayNameAddresses ? MAX_ASKED : 0);
    if (asked.length === 0) return assets.map(() => NOT_ASKED);
    const at = { blockHash: block.hash, requireCanonical: true } as const;
    const said = await askEnough(
      this.nodes.of(chain.id),
      (node) => askNode(node, { address, assets: asked, block: at }),
      (answers) => asked.every((_, index) => amountIn(chain, answers, index).amount !== null),
    );
    return assets.map((_, index) => (index < asked.length ? amountIn(chain, said, index) : NOT_ASKED));
  }
}

async function askNode(node: EvmNode, { address, assets, block }: Question): Promise<AmountsOfNode> {
  const tokens = assets.filter(({ contract }) => contract !== null);
  const calls = [coinCall(address, block), ...tokens.map((token) => tokenCall(token, address, block))];
  const [coin, ...others] = await node.batch(calls, LIMITS);
  const amount = readCoin(coin);
  // A node without the coin balance at a block has no state of that block.
  const read = tokens.map((token, at): { token: AskedAsset; answer: ReadAnswer } => ({
    token,
    answer: amount === null ? null : readToken(token, address, others[at]),
  }));
  const empty = read.filter(({ answer }) => answer === 'empty').map(({ token }) => codeCall(token, block));
  const codes = (await node.batch(empty, LIMITS)).values();
  const amounts = read
    .map(({ answer }) => (answer === 'empty' ? (hasNoCode(codes.next().value) ? 0n : null) : answer))
    .values();
  return assets.map(({ contract }) => (contract === null ? amount : (amounts.next().value ?? null)));
}

function amountIn({ nodeCount }: Chain, said: readonly AmountsOfNode[], index: number): Amounts {
  const values = said.map((answer) => answer[index] ?? null).filter((value) => value !== null);
  const amount = agreedOf(values, nodeCount);
  if (amount !== undefined)
    return { amount, reason: null, verification: nodeCount > 1 ? 'agreed' : 'single' };
  const unknown = { amount: null, verification: 'none' } as const;
  if (new Set(values).size > 1) return { ...unknown, reason: 'differ' };
  return { ...unknown, reason: values.length < said.length ? 'state_unknown' : 'away' };
}
