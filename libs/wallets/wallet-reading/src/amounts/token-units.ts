import { Injectable } from '@nestjs/common';
import {
  agreedOf,
  askEnough,
  EvmNodes,
  NodeError,
  type BlockReference,
  type Chain,
  type EvmNode,
  type RpcAnswer,
} from '@countersign/chains';
import { SECOND } from '@countersign/runtime';
import { decodeDecimals, decodeText } from '@countersign/transfers';

export interface TokenUnit {
  /** Without invisible characters. A token that the operator does not list may have any text. */
  readonly symbol: string | null;
  /** `null`: the contract has no decimals, so it is no token. */
  readonly decimals: number | null;
}

const LIMITS = { timeLimitMs: 3 * SECOND, maxBytes: 4 * 1_048_576 };
const SYMBOL = '0x95d89b41';
const DECIMALS = '0x313ce567';
/** Enough for a proxy that reads a few slots. */
const GAS = '0x186a0';

/** Reads tokens' symbols and decimals from the operator's list, or as two nodes say that the contract answers. */
@Injectable()
export class TokenUnits {
  constructor(private readonly nodes: EvmNodes) {}

  /** @param contracts `0x` and lower-case hex @returns in their order; `null` if nodes do not answer or disagree */
  async of(
    chain: Chain,
    contracts: readonly string[],
    block: BlockReference,
  ): Promise<readonly (TokenUnit | null)[]> {
    const listed = contracts.map((contract) => chain.tokens.find(({ address }) => address === contract));
    const others = contracts.filter((_, index) => !listed[index]);
    const isAsked = others.length > 0 && chain.mayNameAddresses;
    const said = await askEnough(
      isAsked ? this.nodes.of(chain.id) : [],
      (node) => askNode(node, others, block),
      (some) => others.every((_, index) => agreedAt(chain, some, index) !== undefined),
    );
    const units = others.map(
      (_, index) => JSON.parse(agreedAt(chain, said, index) ?? 'null') as TokenUnit | null,
    );
    const left = units.values();
    return listed.map((token) =>
      token ? { symbol: token.symbol, decimals: token.decimals } : (left.next().value ?? null),
    );
  }
}

/** @returns units as JSON, so that they can be compared */
async function askNode(
  node: EvmNode,
  contracts: readonly string[],
  { hash }: BlockReference,
): Promise<readonly string[]> {
  const at = { blockHash: hash, requireCanonical: true };
  const answers = await node.batch(
    contracts.flatMap((to) =>
      [SYMBOL, DECIMALS].map((data) => ({ method: 'eth_call', params: [{ to, data, gas: GAS }, at] })),
    ),
    LIMITS,
  );
  return contracts.map((_, index) => {
    const [symbol, decimals] = answers.slice(2 * index, 2 * index + 2).map(textOf);
    const unit: TokenUnit = {
      symbol: decodeText(symbol ?? '') ?? null,
      decimals: decodeDecimals(decimals ?? '') ?? null,
    };
    return JSON.stringify(unit);
  });
}

function agreedAt(
  { nodeCount }: Chain,
  said: readonly (readonly string[])[],
  index: number,
): string | undefined {
  const values = said.flatMap((answer) => answer[index] ?? []);
  return agreedOf(values, nodeCount);
}

function textOf(answer: RpcAnswer): string {
  if (answer.ok) return typeof answer.result === 'string' ? answer.result : '';
  if (answer.error.kind === 'refused') return '';
  throw answer.error instanceof NodeError ? answer.error : new NodeError('away', { reason: 'no_answer' });
}
