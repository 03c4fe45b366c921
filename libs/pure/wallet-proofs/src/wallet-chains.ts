import { defineErrors } from '@countersign/errors';

/** What an implementation of `WalletChains` throws. */
export const walletChainsError = defineErrors({
  'chain.unavailable': {
    kind: 'unavailable',
    title: 'The nodes of a chain do not answer',
    remedy: 'Try again after the number of seconds in `Retry-After`.',
  },
});

export interface ContractSignatureQuestion {
  /** CAIP-2: `eip155:1`. */
  readonly chainId: string;
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
export type ContractSignatureRefusal =
  | 'malformed'
  | 'no_contract'
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

/** What endpoints of TON say of an account. */
export interface TonAccount {
  /** A frozen account counts as deployed. One that the network deleted for its debts does not: its first key rules it again. */
  readonly isDeployed: boolean;
  /** The Ed25519 key that `get_public_key` answers, 32 bytes; null for an account that answers none. */
  readonly publicKey: Buffer | null;
  /** How many endpoints agree on it: two where two or more are configured. */
  readonly nodes: number;
}

/**
 * What proofs of wallets ask of chains. `libs/wallets/chains` implements it, so that who verifies a proof knows no node.
 * Ids are those of CAIP-2. The three questions throw AppError chain.unavailable (503) when too few nodes answer.
 */
export abstract class WalletChains {
  /** Whether a chain, configured or not, is a known test network. */
  abstract environmentOf(chainId: string): 'production' | 'test';

  /** Whether nodes are configured for the chain. */
  abstract canAsk(chainId: string): boolean;

  /** Asks the contract at an EVM address whether a signature is its own. */
  abstract verifyContract(question: ContractSignatureQuestion): Promise<ContractVerdict>;

  /** Whether a contract is deployed at an address of TON, and the key that it names. Null: endpoints disagree. */
  abstract tonAccount(chainId: string, address: string): Promise<TonAccount | null>;

  /** Whether a contract on TON still takes signatures of its key. Null: it is not deployed. */
  abstract isTonSignatureAllowed(chainId: string, address: string): Promise<boolean | null>;
}
