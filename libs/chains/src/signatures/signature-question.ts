import type { ChainId } from '../chain';

export interface ContractSignatureQuestion {
  readonly chainId: ChainId;
  /** `0x` and 40 lower-case hex digits. */
  readonly address: string;
  /** The 32 bytes that the contract judges, `0x` and lower-case hex: of an EIP-191 message its digest. */
  readonly hash: string;
  /** `0x` and hex, as it came: with the wrapper of ERC-6492 where there is one. */
  readonly signature: string;
}

/**
 * Why a signature does not hold.
 * - `malformed`: it is no hex, empty, longer than 8 KiB, or a wrapper that cannot be read
 * - `no_contract`: there is no code at the address, and no ERC-6492 wrapper
 * - `wrapper_for_deployed`: an ERC-6492 wrapper for an address that has code
 * - `not_deployed_by_factory`: the factory of the wrapper leaves the address without code
 * - `contract_refuses`: the contract does not answer the word of ERC-1271, also because it fails
 * - `nodes_disagree`: one node says that it holds, and another one that it does not
 */
export type ContractSignatureRefusal =
  | 'malformed'
  | 'no_contract'
  | 'wrapper_for_deployed'
  | 'not_deployed_by_factory'
  | 'contract_refuses'
  | 'nodes_disagree';

export interface ContractVerdict {
  readonly isValid: boolean;
  readonly refusal: ContractSignatureRefusal | null;
  /** At which the first node was asked; null when none was. */
  readonly block: { readonly number: number; readonly hash: string } | null;
  /** How many nodes agree on it: two where two or more are configured. */
  readonly nodes: number;
}

/** A question that was read, and is safe to ask. */
export interface ReadQuestion {
  readonly address: `0x${string}`;
  readonly hash: `0x${string}`;
  /** Without the wrapper. */
  readonly signature: `0x${string}`;
  readonly factory: { readonly address: `0x${string}`; readonly data: `0x${string}` } | null;
}
