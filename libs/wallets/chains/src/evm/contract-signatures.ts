import { Injectable } from '@nestjs/common';
import { encodeFunctionData } from 'viem/utils';
import type { ChainId } from '../chain';
import { EvmNodes } from '../services';
import { fromNodes, throwUnavailable, tooFewNodes } from '../from-nodes';
import { malformed, NodeError } from '../node-error';
import { latestBlock, type BlockReference } from './block-reference';
import type { EvmNode } from './evm-node';
import { readBytes } from './quantities';

interface ContractSignatureQuestion {
  readonly chainId: ChainId;
  /** `0x` and 40 lower-case hex digits. */
  readonly address: `0x${string}`;
  /** The 32 bytes that the contract checks; for an EIP-191 message, its digest. */
  readonly hash: `0x${string}`;
  /** `0x` and hex. `0x` alone asks whether the hash was approved on the chain, as Safe wallets do. */
  readonly signature: `0x${string}`;
}

/**
 * Why a signature is not valid.
 * - `no_contract`: there is no code at the address
 * - `contract_refuses`: the contract fails, or does not answer the value of ERC-1271
 * - `nodes_disagree`: one node accepts the signature, and another node does not
 */
export type ContractSignatureRefusal = 'no_contract' | 'contract_refuses' | 'nodes_disagree';

export interface ContractVerdict {
  readonly refusal: ContractSignatureRefusal | null;
  /** The block at which the first node was asked. */
  readonly block: BlockReference;
  /** How many nodes agree: two if two or more are configured; 0 if they disagree. */
  readonly nodes: number;
}

type NodeVerdict = Omit<ContractVerdict, 'nodes'>;

const ERC1271 = [
  {
    type: 'function',
    name: 'isValidSignature',
    stateMutability: 'view',
    inputs: [{ type: 'bytes32' }, { type: 'bytes' }],
    outputs: [{ type: 'bytes4' }],
  },
] as const;
const VALID = `0x1626ba7e${'0'.repeat(56)}`;
/** The same gas limit applies on each node. */
const GAS = '0xf4240'; // 1,000,000
/** More than a contract can answer with this gas. */
const MAX_ANSWER_BYTES = 2 * 1_048_576;
/** EIP-170 allows 24 KiB, some chains more. */
const MAX_CODE_BYTES = 262_144;

/** Asks contract wallets whether a signature is theirs (ERC-1271, EIP-7702). */
@Injectable()
export class ContractSignatures {
  constructor(private readonly nodes: EvmNodes) {}

  /** Asks two nodes, if configured, at the latest block. */
  async verify({ chainId, ...question }: ContractSignatureQuestion): Promise<ContractVerdict> {
    const asked = fromNodes(this.nodes.of(chainId), (node) => this.askOnce(node, question));
    return verdictOf(await asked.catch(throwUnavailable));
  }

  /** Retries at a newer block: behind a load balancer, the next request may reach a node that lacks the block. */
  private async askOnce(
    node: EvmNode,
    question: Omit<ContractSignatureQuestion, 'chainId'>,
  ): Promise<NodeVerdict> {
    const deadline = performance.now() + node.chain.timeLimitMs;
    try {
      return await askNode(node, question, deadline);
    } catch (error) {
      if (!(error instanceof NodeError) || error.kind !== 'refused') throw error;
    }
    return askNode(node, question, deadline);
  }
}

async function askNode(
  node: EvmNode,
  { address, hash, signature }: Omit<ContractSignatureQuestion, 'chainId'>,
  deadline: number,
): Promise<NodeVerdict> {
  const block = await latestBlock(node, leftUntil(deadline));
  // EIP-1898 names this block, and no other block with its number.
  const at = { blockHash: block.hash, requireCanonical: true };
  const code = await node.request('eth_getCode', [address, at], {
    maxBytes: 4 * MAX_CODE_BYTES,
    timeLimitMs: leftUntil(deadline),
  });
  const bytes = readBytes(code, MAX_CODE_BYTES) ?? malformed('no_code');
  if (bytes === '0x') return { refusal: 'no_contract', block };
  const data = encodeFunctionData({ abi: ERC1271, args: [hash, signature] });
  try {
    const answer = await node.request('eth_call', [{ to: address, data, gas: GAS }, at], {
      maxBytes: MAX_ANSWER_BYTES,
      timeLimitMs: leftUntil(deadline),
    });
    if (typeof answer !== 'string') malformed('no_verdict');
    return { refusal: answer.toLowerCase() === VALID ? null : 'contract_refuses', block };
  } catch (error) {
    // The node has the block, so the contract itself fails.
    if (error instanceof NodeError && error.kind === 'refused') return { refusal: 'contract_refuses', block };
    throw error;
  }
}

function leftUntil(deadline: number): number {
  const left = deadline - performance.now();
  return left > 0 ? left : malformed('time_limit');
}

function verdictOf(verdicts: readonly NodeVerdict[]): ContractVerdict {
  const [first] = verdicts;
  if (!first) return throwUnavailable(tooFewNodes());
  const isSame = verdicts.every(({ refusal }) => (refusal === null) === (first.refusal === null));
  return isSame ? { ...first, nodes: verdicts.length } : { ...first, refusal: 'nodes_disagree', nodes: 0 };
}
