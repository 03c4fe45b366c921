import type { ChainId } from './chain';

/** Asks a TON endpoint about wallets. Addresses are raw: `0:<64 lower hex>`. */
export abstract class TonAccounts {
  /** Whether an endpoint is configured for the network. */
  abstract canAsk(chainId: ChainId): boolean;

  /**
   * The Ed25519 key that `get_public_key` answers, 32 bytes. Null when the account is not deployed or has no such
   * method.
   * @throws AppError chain.unavailable (503), RangeError for a network without an endpoint
   */
  abstract publicKey(chainId: ChainId, address: string): Promise<Buffer | null>;

  /**
   * Whether the wallet takes signatures (`is_signature_allowed` of v5). True for a wallet without that method, and
   * null for one that is not deployed.
   * @throws AppError chain.unavailable (503), RangeError for a network without an endpoint
   */
  abstract isSignatureAllowed(chainId: ChainId, address: string): Promise<boolean | null>;
}
