import type { Hex } from 'viem';
import type { TestWallet } from './wallets';

/** The chain of an anvil. */
export const ANVIL_CHAIN = 'eip155:31337';

export interface ContractWalletOptions {
  readonly kind: 'siwe' | 'metapro';
  /** What a signature is wrapped by. */
  readonly wrap: (signature: Hex) => Hex;
}

/** A contract wallet that the account signs for. */
export function contractWallet(
  address: string,
  signer: { signMessage(message: { message: string }): Promise<Hex> },
  { kind = 'siwe', wrap = (signature) => signature }: Partial<ContractWalletOptions> = {},
): TestWallet {
  return {
    address: address.toLowerCase(),
    kind,
    chainId: ANVIL_CHAIN,
    subject: `${ANVIL_CHAIN}:${address.toLowerCase()}`,
    answer: async ({ challengeId, message }) => ({
      challengeId,
      signature: wrap(await signer.signMessage({ message: message ?? '' })),
    }),
  };
}
