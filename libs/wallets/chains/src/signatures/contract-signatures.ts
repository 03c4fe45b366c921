import { Injectable } from '@nestjs/common';
import { Configuration } from '@countersign/config';
import { isErc6492, splitErc6492 } from '@countersign/wallet-proofs';
import type { ChainId } from '../chain';
import { ChainMetrics } from '../chain-metrics';
import { EvmNodes } from '../evm-nodes';
import type { BlockReference } from '../evm/block-reference';
import type { EvmNode } from '../evm/evm-node';
import { fromNodes, tooFewNodes, unavailable } from '../from-nodes';
import { NodeError } from '../node-error';
import { askNode, type NodeVerdict, Deadline, type ReadQuestion } from './ask-node';

interface ContractSignatureQuestion {
  /** CAIP-2: `eip155:1`. */
  readonly chainId: ChainId;
  /** `0x` and 40 lower-case hex digits. */
  readonly address: string;
  /** The 32 bytes that the contract judges, `0x` and lower-case hex: of an EIP-191 message its digest. */
  readonly hash: string;
  /**
   * `0x` and hex, as it came: with the wrapper of ERC-6492 where there is one. `0x` alone asks whether the hash was
   * approved on the chain, as Safe wallets do.
   */
  readonly signature: string;
}

/**
 * Why a signature does not hold.
 * - `malformed`: it is no hex, longer than 8 KiB, or a wrapper that cannot be read
 * - `no_contract`: there is no code at the address, and no ERC-6492 wrapper
 * - `not_deployed_by_factory`: the factory of the wrapper leaves the address without code
 * - `contract_refuses`: the contract does not answer the word of ERC-1271, also because it fails
 * - `nodes_disagree`: one node says that it holds, and another one that it does not
 */
export type ContractSignatureRefusal = NonNullable<NodeVerdict['refusal']> | 'malformed' | 'nodes_disagree';

export interface ContractVerdict {
  readonly isValid: boolean;
  readonly refusal: ContractSignatureRefusal | null;
  /** At which the first node was asked; null when none was. */
  readonly block: BlockReference | null;
  /** How many nodes agree on it: two where two or more are configured. */
  readonly nodes: number;
}

/** A Safe needs 65 bytes for each owner, and a passkey about a kilobyte. */
const MAX_SIGNATURE_BYTES = 8_192;

/**
 * Null for a signature that no contract is asked about.
 * @throws RangeError for an address or a hash that is not in the form of the question: a mistake of the caller
 */
function readQuestion({ address, hash, signature }: ContractSignatureQuestion): ReadQuestion | null {
  if (!/^0x[0-9a-f]{40}$/.test(address)) throw new RangeError('the address is not lower-case hex');
  if (!/^0x[0-9a-f]{64}$/.test(hash)) throw new RangeError('the hash is not 32 bytes of lower-case hex');
  if (signature.length > 2 + 2 * MAX_SIGNATURE_BYTES || !/^0x(?:[0-9a-fA-F]{2})*$/.test(signature))
    return null;
  const hex = signature.toLowerCase() as `0x${string}`;
  const about = { address: address as `0x${string}`, hash: hash as `0x${string}` };
  if (!isErc6492(hex)) return { ...about, signature: hex, factory: null };
  const wrapped = splitErc6492(hex);
  if (wrapped === null) return null;
  const factory = { address: wrapped.factory, data: wrapped.factoryData };
  return { ...about, signature: wrapped.signature, factory };
}

/** Asks contract wallets whether a signature is theirs: ERC-1271, ERC-6492, EIP-7702. */
@Injectable()
export class ContractSignatures {
  constructor(
    private readonly nodes: EvmNodes,
    private readonly metrics: ChainMetrics,
    private readonly configuration: Configuration,
  ) {}

  /**
   * At the latest block. Where two nodes or more are configured, two have to agree.
   * @throws AppError chain.unavailable (503) when too few nodes answer; RangeError for a chain without nodes, and for an
   * address or a hash that is not lower-case hex.
   */
  async verify(question: ContractSignatureQuestion): Promise<ContractVerdict> {
    const { chainId } = question;
    if (!this.nodes.canAsk(chainId)) throw new RangeError(`no node is configured for ${chainId}`);
    const read = readQuestion(question);
    try {
      const verdict = read
        ? verdictOf(await fromNodes(this.nodes.of(chainId), (node) => this.askOnce(node, read)))
        : ({ isValid: false, refusal: 'malformed', block: null, nodes: 0 } as const);
      this.metrics.signatures({ chain: chainId, outcome: verdict.refusal ?? 'valid' });
      return verdict;
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      this.metrics.signatures({ chain: chainId, outcome: 'unavailable' });
      throw unavailable(error);
    }
  }

  /**
   * Within the time limit of the chain. Once more at a newer block: behind a load balancer, the next request may reach a
   * node that lacks the block.
   */
  private async askOnce(node: EvmNode, question: ReadQuestion): Promise<NodeVerdict> {
    const deadline = new Deadline(node.chain.timeLimitMs * this.configuration.patience);
    try {
      return await askNode(node, question, deadline);
    } catch (error) {
      if (!(error instanceof NodeError) || error.kind !== 'refused') throw error;
    }
    return askNode(node, question, deadline);
  }
}

function verdictOf(verdicts: readonly NodeVerdict[]): ContractVerdict {
  const [first] = verdicts;
  if (!first) throw tooFewNodes();
  const { block } = first;
  const isValid = verdicts.every(({ refusal }) => refusal === null);
  if (isValid) return { isValid, refusal: null, block, nodes: verdicts.length };
  const isInvalid = verdicts.every(({ refusal }) => refusal !== null);
  return isInvalid
    ? { isValid, refusal: first.refusal, block, nodes: verdicts.length }
    : { isValid, refusal: 'nodes_disagree', block, nodes: 0 };
}
