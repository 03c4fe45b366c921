import { Injectable } from '@nestjs/common';
import { SECOND } from '@countersign/runtime';
import type { Chain } from '../chain';
import { EvmNodes } from '../services';
import { agreedOf, askEnough, NODES_ASKED } from '../from-nodes';
import { malformed } from '../node-error';
import { isRecord } from '../rpc/json-rpc';
import { readAmount, readBytes, readHash, readQuantity } from './quantities';

/** A transaction's result in a block. Addresses are `0x` and lower-case hex. Gas and its price are decimal text. */
export interface Receipt {
  readonly blockHash: string;
  readonly blockNumber: number;
  /** The contract that the transaction created. */
  readonly contractAddress: string | null;
  readonly cumulativeGasUsed: string;
  readonly from: string;
  /** `null` if the node does not say what gas cost. */
  readonly gasPrice: string | null;
  readonly gasUsed: string;
  readonly hash: string;
  readonly index: number;
  readonly logs: readonly ReceiptLog[];
  readonly logsBloom: string;
  /** `null` on chains whose receipts do not say it. */
  readonly isSuccessful: boolean | null;
  readonly to: string | null;
}

interface ReceiptLog {
  readonly address: string;
  readonly data: string;
  /** The log's index in its block. */
  readonly index: number;
  readonly topics: readonly string[];
}

const MAX_BYTES = 1_048_576;
const LIMITS = { timeLimitMs: 3 * SECOND, maxBytes: MAX_BYTES };
const BLOOM_BYTES = 256;
const ADDRESS_BYTES = 20;

/** Asks two nodes, or the only one, what a transaction did. */
@Injectable()
export class Receipts {
  constructor(private readonly nodes: EvmNodes) {}

  /**
   * @param hash `0x` and lower-case hex
   * @returns `null` if the nodes have no such transaction in a block; `away` if too few nodes answer; `differ` if they
   * say different things, which may last only a moment
   */
  async of(chain: Chain, hash: string): Promise<Receipt | null | 'away' | 'differ'> {
    const nodes = this.nodes.of(chain.id);
    const agreedIn = (some: readonly string[]) => agreedOf(some, nodes.length);
    const said = await askEnough(
      nodes,
      async (node) => {
        const receipt = await node.request('eth_getTransactionReceipt', [hash], LIMITS);
        return JSON.stringify(readReceipt(receipt, hash));
      },
      (some) => agreedIn(some) !== undefined,
    );
    const agreed = agreedIn(said);
    if (agreed !== undefined) return JSON.parse(agreed) as Receipt | null;
    return said.length < NODES_ASKED ? 'away' : 'differ';
  }
}

function readReceipt(answer: unknown, hash: string): Receipt | null {
  if (answer === null) return null;
  if (!isRecord(answer) || readHash(answer['transactionHash']) !== hash) malformed('no_receipt');
  const { status, contractAddress, effectiveGasPrice, to } = answer;
  return {
    blockHash: needed(readHash(answer['blockHash'])),
    blockNumber: needed(readQuantity(answer['blockNumber'])),
    contractAddress: contractAddress == null ? null : readAddress(contractAddress),
    cumulativeGasUsed: needed(readAmount(answer['cumulativeGasUsed'])).toString(),
    from: readAddress(answer['from']),
    gasPrice: readAmount(effectiveGasPrice)?.toString() ?? null,
    gasUsed: needed(readAmount(answer['gasUsed'])).toString(),
    hash,
    index: needed(readQuantity(answer['transactionIndex'])),
    logs: Array.isArray(answer['logs']) ? answer['logs'].map(readLog) : malformed('no_receipt'),
    logsBloom: needed(readBytes(answer['logsBloom'], BLOOM_BYTES)),
    isSuccessful: status == null ? null : needed(readAmount(status)) === 1n,
    to: to == null ? null : readAddress(to),
  };
}

function readLog(log: unknown): ReceiptLog {
  if (!isRecord(log)) malformed('no_receipt');
  const { address, data, logIndex, topics } = log;
  return {
    address: readAddress(address),
    data: needed(readBytes(data, MAX_BYTES)),
    index: needed(readQuantity(logIndex)),
    topics: Array.isArray(topics) ? topics.map((topic) => needed(readHash(topic))) : malformed('no_receipt'),
  };
}

function readAddress(value: unknown): string {
  const address = readBytes(value, ADDRESS_BYTES);
  return address?.length === 2 + 2 * ADDRESS_BYTES ? address : malformed('no_receipt');
}

function needed<T>(value: T | null): T {
  return value ?? malformed('no_receipt');
}
