import { Injectable } from '@nestjs/common';
import { SECOND } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import type { Chain } from '../chain';
import type { BlockReference } from '../evm/block-reference';
import type { EvmNode } from '../evm/evm-node';
import { NodeDisagreements } from '../evm/node-disagreements';
import { readHash, readQuantity } from '../evm/quantities';
import { EvmNodes } from '../evm-nodes';
import { agreedOf, askEnough, NODES_ASKED, type Reply } from '../from-nodes';
import { NodeError } from '../node-error';
import { isRecord, type RequestLimits, type RpcAnswer } from '../rpc/json-rpc';
import type { Urgency } from '../rpc/request-pace';
import { readAmount, readTransactionState, type TransactionState } from './readings';

/** What a node answered to the bytes of a transaction. It decides nothing: see `lookUp`. */
export interface BroadcastReport {
  /** 0 for the first URL of the chain. */
  readonly node: number;
  readonly reply:
    | { readonly result: unknown }
    /** The message without numbers, addresses and URLs. */
    | { readonly error: { readonly code: number; readonly message: string } }
    /** The node did not answer, or not as a node does: it may have taken the transaction. */
    | { readonly reason: string };
}

/** What a node says of transactions, by their hashes. */
export interface LookUp {
  readonly node: number;
  readonly states: ReadonlyMap<string, TransactionState>;
}

/** What a node says that transactions cost. */
export interface FeeReport {
  readonly node: number;
  /** As the node answered `eth_feeHistory`, unchecked; null where it refuses that. */
  readonly history: unknown;
  /** Where it refuses `eth_feeHistory`, or answers something else. */
  readonly gasPrice: bigint | null;
}

/** The call of a transaction. */
export interface EstimatedCall {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly data: string;
}

export type Estimate =
  | { readonly node: number; readonly gas: bigint }
  /** The node says that the transaction would fail. */
  | { readonly node: number; readonly refusal: { readonly code: number; readonly message: string } };

const TIME_LIMIT_MS = 5 * SECOND;
const MAX_BYTES = 2 * 1_048_576;
const FEE_BLOCKS = '0x14';
const FEE_PERCENTILE = 50;

/**
 * What sends of embedded wallets ask of the nodes of a chain. No answer of one node alone counts: the caller gets the answers
 * of several, or what two agree on.
 */
@Injectable()
export class EvmSending {
  private readonly timeLimitMs: number;

  constructor(
    private readonly nodes: EvmNodes,
    private readonly disagreements: NodeDisagreements,
    { patience }: Configuration,
  ) {
    this.timeLimitMs = TIME_LIMIT_MS * patience;
  }

  /** Gives the bytes to all nodes of the chain. @param raw `0x` and hex */
  async broadcast(chain: Chain, raw: string): Promise<readonly BroadcastReport[]> {
    const limits = this.limits('send');
    return Promise.all(
      this.nodes.of(chain.id).map(async (node): Promise<BroadcastReport> => {
        try {
          const result = await node.request('eth_sendRawTransaction', [raw], limits);
          return { node: node.index, reply: { result } };
        } catch (error) {
          if (!(error instanceof NodeError)) throw error;
          const refusal = refusalOf(error);
          const reply = refusal ? { error: refusal } : { reason: error.details.reason };
          return { node: node.index, reply };
        }
      }),
    );
  }

  /**
   * How many transactions of an address are in the chain, by two nodes that say the same.
   * @param at as of a final block; the newest one of each node by default
   * @returns `away` where too few nodes answer, `differ` where no two say the same
   */
  async nonceOf(
    chain: Chain,
    address: string,
    at: BlockReference | null = null,
    urgency: Urgency = 'send',
  ): Promise<number | 'away' | 'differ'> {
    const nodes = this.nodes.of(chain.id);
    const block = at ? { blockHash: at.hash, requireCanonical: true } : 'latest';
    const agreed = (replies: readonly Reply<number>[]) => agreedOf(answersOf(replies), nodes.length);
    const replies = await askEnough(
      nodes,
      async (node) => {
        const params = [address, block];
        const nonce = readQuantity(
          await node.request('eth_getTransactionCount', params, this.limits(urgency)),
        );
        return nonce ?? malformed('no_nonce');
      },
      (some) => some.length >= NODES_ASKED && agreed(some) !== undefined,
    );
    // Of the newest block one node may be a block behind.
    if (at) this.disagreements.compare(chain, 'nonce', replies);
    if (replies.length < NODES_ASKED) return 'away';
    return agreed(replies) ?? 'differ';
  }

  /**
   * What nodes say of transactions: of two, and of all others where these do not say the same.
   * @param hashes in lower case
   * @param witness a final block. A node whose answer comes without it is behind, and is left out: that it does not know
   * a transaction would say nothing.
   */
  async lookUp(chain: Chain, hashes: readonly string[], witness: BlockReference): Promise<readonly LookUp[]> {
    const replies = await askEnough(
      this.nodes.of(chain.id),
      (node) => this.statesAt(node, hashes, witness),
      (some) => some.length >= NODES_ASKED && new Set(some.map(({ answer }) => textOf(answer))).size === 1,
    );
    this.disagreements.compare(
      chain,
      'sent-transaction',
      replies.map(({ index, answer }) => ({ index, answer: finalOf(answer, witness) })),
    );
    return replies.map(({ index, answer }) => ({ node: index, states: answer }));
  }

  /** What two nodes say that transactions cost; fewer where they do not answer. */
  async fees(chain: Chain): Promise<readonly FeeReport[]> {
    const replies = await this.askTwo(chain, async (node) => {
      const limits = this.limits('send');
      const params = [FEE_BLOCKS, 'latest', [FEE_PERCENTILE]];
      const [history, price] = await node.batch(
        [
          { method: 'eth_feeHistory', params },
          { method: 'eth_gasPrice', params: [] },
        ],
        limits,
      );
      const gasPrice = readAmount(answered(price));
      return { history: answered(history), gasPrice };
    });
    return replies.map(({ index, answer }) => ({ node: index, ...answer }));
  }

  /** How much gas two nodes say that a call needs; fewer where they do not answer. */
  async estimates(chain: Chain, { from, to, value, data }: EstimatedCall): Promise<readonly Estimate[]> {
    const call = { from, to, value: `0x${value.toString(16)}`, data };
    const replies = await this.askTwo(chain, async (node) => {
      try {
        const gas = readAmount(await node.request('eth_estimateGas', [call], this.limits('send')));
        return gas === null ? malformed('no_gas') : { gas };
      } catch (error) {
        const refusal = error instanceof NodeError ? refusalOf(error) : null;
        if (!refusal) throw error;
        return { refusal };
      }
    });
    return replies.map(({ index, answer }) => ({ node: index, ...answer }));
  }

  /** The coins of an address, by two nodes; fewer where they do not answer. */
  async balances(chain: Chain, address: string): Promise<readonly bigint[]> {
    const replies = await this.askTwo(chain, async (node) => {
      const params = [address, 'latest'];
      const amount = readAmount(await node.request('eth_getBalance', params, this.limits('send')));
      return amount ?? malformed('no_balance');
    });
    return answersOf(replies);
  }

  private async askTwo<T>(chain: Chain, ask: (node: EvmNode) => Promise<T>): Promise<readonly Reply<T>[]> {
    return askEnough(this.nodes.of(chain.id), ask, (some) => some.length >= NODES_ASKED);
  }

  private async statesAt(
    node: EvmNode,
    hashes: readonly string[],
    witness: BlockReference,
  ): Promise<ReadonlyMap<string, TransactionState>> {
    const answers = await node.batch(
      [
        { method: 'eth_getBlockByHash', params: [witness.hash, false] },
        ...hashes.flatMap((hash) => [
          { method: 'eth_getTransactionReceipt', params: [hash] },
          { method: 'eth_getTransactionByHash', params: [hash] },
        ]),
      ],
      this.limits('receipt'),
    );
    const block = answered(answers[0]);
    if (!isRecord(block) || readHash(block['hash']) !== witness.hash) malformed('behind');
    return new Map(
      hashes.map((hash, index) => {
        const [receipt, transaction] = [answers[2 * index + 1], answers[2 * index + 2]];
        if (!receipt?.ok || !transaction?.ok) malformed('no_receipt');
        const state = readTransactionState(hash, receipt.result, transaction.result);
        return [hash, state ?? malformed('no_receipt')] as const;
      }),
    );
  }

  private limits(urgency: Urgency): RequestLimits {
    return { urgency, timeLimitMs: this.timeLimitMs, maxBytes: MAX_BYTES };
  }
}

function answersOf<T>(replies: readonly Reply<T>[]): readonly T[] {
  return replies.map(({ answer }) => answer);
}

/** Null for an error of the call. */
function answered(answer: RpcAnswer | undefined): unknown {
  return answer?.ok ? answer.result : null;
}

function refusalOf({ kind, details, words }: NodeError): { code: number; message: string } | null {
  return kind === 'refused' && details.code !== undefined ? { code: details.code, message: words } : null;
}

function malformed(reason: string): never {
  throw new NodeError('away', { reason });
}

function textOf(states: ReadonlyMap<string, TransactionState>): string {
  return JSON.stringify([...states]);
}

/** What all nodes have to say alike: newer blocks one of them may have before the others. */
function finalOf(states: ReadonlyMap<string, TransactionState>, { number }: BlockReference): string {
  const isFinal = (state: TransactionState) => state.state === 'mined' && state.blockNumber <= number;
  return JSON.stringify([...states].map(([hash, state]) => [hash, isFinal(state) ? state : null]));
}
