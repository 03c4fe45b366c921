import { Injectable } from '@nestjs/common';
import { nextState, type NodeView } from '@countersign/wallet-acts';
import { type CountBy, Metrics, SECOND } from '@countersign/runtime';
import type { EvmNode } from '../evm/evm-node';
import { readAmount, readQuantity, readWord } from '../evm/quantities';
import { malformed, NodeError } from '../node-error';
import { resultOf, isRecord, type RequestLimits, type RpcCall, type RpcAnswer } from '../rpc/json-rpc';
import type { Chain } from '../chain';
import { EvmNodes } from '../services';
import { askEnough, NODES_ASKED, repliesOf } from '../from-nodes';
import { viewsAt, type EstimatedCall, type AskedNonce } from './evidence';
import { giveToAll, type NodeAnswer } from './node-answer';

export interface FundsThen {
  /** The nonce of the next transaction. The amounts already include all earlier transactions. */
  readonly nonce: number;
  readonly coins: bigint;
  /** The key is the contract's address. */
  readonly tokens: ReadonlyMap<string, bigint>;
}

export interface Funds {
  readonly latest: FundsThen;
  /** The state after a block that has the wanted number of blocks on top. */
  readonly deep: FundsThen;
}

const LIMITS: RequestLimits = { timeLimitMs: 5 * SECOND, maxBytes: 2 * 1_048_576 };
const BALANCE_OF = '0x70a08231';

async function fundsAt(
  node: EvmNode,
  address: string,
  tokens: readonly string[],
  depth: number,
): Promise<Funds> {
  const head =
    readQuantity(await node.request('eth_blockNumber', [], LIMITS)) ?? malformed('no_block_number');
  // The calls name blocks by number, so that all answers are about the same blocks.
  const blocks = [head, Math.max(0, head - depth)].map((number) => `0x${number.toString(16)}`);
  const answers = await node.batch(
    blocks.flatMap((block) => callsAt(block, address, tokens)),
    LIMITS,
  );
  const results = answers.map(resultOf);
  const size = results.length / 2;
  return {
    latest: readFunds(results.slice(0, size), tokens),
    deep: readFunds(results.slice(size), tokens),
  };
}

function callsAt(block: string, address: string, tokens: readonly string[]): readonly RpcCall[] {
  const data = `${BALANCE_OF}${address.slice(2).padStart(64, '0')}`;
  return [
    { method: 'eth_getTransactionCount', params: [address, block] },
    { method: 'eth_getBalance', params: [address, block] },
    ...tokens.map((to) => ({ method: 'eth_call', params: [{ to, data }, block] })),
  ];
}

function readFunds([nonce, coins, ...amounts]: readonly unknown[], tokens: readonly string[]): FundsThen {
  return {
    nonce: readQuantity(nonce) ?? malformed('no_nonce'),
    coins: readAmount(coins) ?? malformed('no_balance'),
    tokens: new Map(tokens.map((token, index) => [token, readBalance(amounts[index])])),
  };
}

/** A contract that does not exist yet answers nothing. */
function readBalance(result: unknown): bigint {
  return result === '0x' ? 0n : (readWord(result) ?? malformed('no_token_balance'));
}

interface FeeReport {
  /** Read from the latest block: `eth_feeHistory` has zeros without a base fee, and also with a base fee of zero. */
  readonly hasBaseFee: boolean;
  /** The unchecked answer to `eth_feeHistory`; null if the node refuses the call. */
  readonly history: unknown;
  readonly gasPrice: bigint | null;
}

type Estimate =
  | { readonly gas: bigint }
  /** The node's words about why the transaction would fail. */
  | { readonly refusal: string };

const FEE_BLOCKS = '0x14';
const FEE_PERCENTILE = 50;

/** Asks nodes what sends of embedded wallets need. A list has fewer than two answers if nodes are away. */
@Injectable()
export class EvmSending {
  /** The label is the node's index in the file of chains, because a URL may contain a key. */
  private readonly disagreements: CountBy<'chain' | 'node'>;

  constructor(
    private readonly nodes: EvmNodes,
    metrics: Metrics,
  ) {
    this.disagreements = metrics.counter(
      'countersign_chain_disagreements_total',
      'Answers of nodes that contradict each other about a sent transaction, by chain and node.',
      'chain',
      'node',
    );
  }

  /** Sends the bytes to all nodes of the chain. @param raw `0x` and hex */
  broadcast(chain: Chain, raw: string): Promise<readonly NodeAnswer[]> {
    return giveToAll(this.nodes.of(chain.id), (node) =>
      node.request('eth_sendRawTransaction', [raw], LIMITS),
    );
  }

  /** Returns an address's transaction count by two nodes, or by all nodes if the two differ. */
  async nonces(chain: Chain, address: string): Promise<readonly number[]> {
    return askEnough(
      this.nodes.of(chain.id),
      async (node) => {
        const params = [address, 'latest'];
        const nonce = await node.request('eth_getTransactionCount', params, LIMITS);
        return readQuantity(nonce) ?? malformed('no_nonce');
      },
      (some) => some.length >= NODES_ASKED && hasOne(some),
    );
  }

  /** Asks two nodes, and all others if these differ. @returns for each nonce, the views of the nodes that answered */
  async views(chain: Chain, asked: readonly AskedNonce[]): Promise<readonly (readonly NodeView[])[]> {
    const replies = await repliesOf(
      this.nodes.of(chain.id),
      (node) => viewsAt(node, asked, LIMITS),
      (some) => some.length >= NODES_ASKED && hasOne(some.map(outcomesOf)),
    );
    const views = asked.map((_, index) => replies.flatMap(({ answer }) => answer[index] ?? []));
    const isContradictory = asked.some(
      ({ nonce }, at) => nextState({ name: 'broadcasting' }, nonce, views[at] ?? []).areNodesContradictory,
    );
    if (isContradictory)
      for (const { index } of replies) this.disagreements({ chain: chain.id, node: String(index) });
    return views;
  }

  async fees(chain: Chain): Promise<readonly FeeReport[]> {
    return this.askTwo(chain, async (node) => {
      const params = [FEE_BLOCKS, 'latest', [FEE_PERCENTILE]];
      const [history, price, latest] = await node.batch(
        [
          { method: 'eth_feeHistory', params },
          { method: 'eth_gasPrice', params: [] },
          { method: 'eth_getBlockByNumber', params: ['latest', false] },
        ],
        LIMITS,
      );
      const block = answered(latest);
      if (!isRecord(block)) malformed('no_latest_block');
      const hasBaseFee = readAmount(block['baseFeePerGas']) !== null;
      return { hasBaseFee, history: answered(history), gasPrice: readAmount(answered(price)) };
    });
  }

  /** The layer 1 fee of an OP stack chain by two nodes; fewer if one is away. @param call from `layer1FeeCall` */
  async layer1Fees(chain: Chain, call: Pick<EstimatedCall, 'to' | 'data'>): Promise<readonly bigint[]> {
    return this.askTwo(chain, async (node) => {
      const fee = await node.request('eth_call', [call, 'latest'], LIMITS);
      return readWord(fee) ?? malformed('no_layer1_fee');
    });
  }

  async estimates(chain: Chain, { from, to, value, data }: EstimatedCall): Promise<readonly Estimate[]> {
    const call = { from, to, value: `0x${value.toString(16)}`, data };
    return this.askTwo(chain, async (node) => {
      try {
        const gas = readAmount(await node.request('eth_estimateGas', [call], LIMITS));
        return gas === null ? malformed('no_gas') : { gas };
      } catch (error) {
        if (!(error instanceof NodeError) || error.kind !== 'refused' || error.details.code === undefined)
          throw error;
        return { refusal: error.words };
      }
    });
  }

  /** @param depth the blocks on top of the deeper block; a node without that block's state gives no answer */
  async funds(
    chain: Chain,
    address: string,
    tokens: readonly string[],
    depth: number,
  ): Promise<readonly Funds[]> {
    return this.askTwo(chain, (node) => fundsAt(node, address, tokens, depth));
  }

  private async askTwo<T>(chain: Chain, ask: (node: EvmNode) => Promise<T>): Promise<readonly T[]> {
    return askEnough(this.nodes.of(chain.id), ask, (some) => some.length >= NODES_ASKED);
  }
}

function answered(answer: RpcAnswer | undefined): unknown {
  return answer?.ok ? answer.result : null;
}

function hasOne(values: readonly unknown[]): boolean {
  return new Set(values).size === 1;
}

/** Leaves out the heads, which may differ for a moment. */
function outcomesOf(views: readonly NodeView[]): string {
  return JSON.stringify(views.map(({ mined, foreign }) => [mined, foreign]));
}
