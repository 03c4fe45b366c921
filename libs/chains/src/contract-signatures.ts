import type { ChainId } from './chain';

export interface ContractSignatureQuestion {
  readonly chainId: ChainId;
  /** Lower-case hex. */
  readonly address: string;
  /** The 32 bytes that the contract judges, `0x` and lower-case hex: of an EIP-191 message its digest. */
  readonly hash: string;
  /** `0x` and hex, as it came: with the wrapper of ERC-6492 where there is one. At most 8 KiB. */
  readonly signature: string;
}

/** Why a signature does not hold. */
export type ContractSignatureRefusal =
  | 'signature_too_long'
  /** No code, and no ERC-6492 wrapper. */
  | 'no_contract'
  /** An ERC-6492 wrapper for an address that has code. */
  | 'wrapper_for_deployed'
  /** The factory of the wrapper deployed nothing there, or failed. */
  | 'not_deployed_by_factory'
  | 'contract_refuses'
  /** One node said yes and another one no. */
  | 'nodes_disagree';

export interface ContractVerdict {
  readonly isValid: boolean;
  readonly refusal: ContractSignatureRefusal | null;
  /** At which the first node was asked. */
  readonly block: { readonly number: number; readonly hash: string };
  /** How many nodes agreed on it: one, or two where two or more are configured. */
  readonly nodes: number;
}

/** Asks contract wallets whether a signature is theirs: ERC-1271, ERC-6492, EIP-7702. */
export abstract class ContractSignatures {
  /** Whether nodes are configured for the chain. */
  abstract canAsk(chainId: ChainId): boolean;

  /**
   * At the latest block. Where two nodes are configured both are asked.
   * @throws AppError chain.unavailable (503) when a node does not answer; RangeError for a chain without nodes.
   */
  abstract verify(question: ContractSignatureQuestion): Promise<ContractVerdict>;

  /**
   * Whether a signature that was valid once still is. Like `verify`, but the inner signature of an ERC-6492 wrapper
   * counts when the wallet is deployed meanwhile.
   */
  abstract stillHolds(question: ContractSignatureQuestion): Promise<ContractVerdict>;
}
