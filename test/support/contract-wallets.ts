import { concatHex, hashMessage, hashTypedData, type Address, type Hex } from 'viem';
import type { LocalAccount } from 'viem/accounts';
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

/** A `SharedWallet`, for which some owners sign. Without any, it asks what they approved on the chain. */
export function sharedWallet(address: string, signers: readonly LocalAccount[]): TestWallet {
  const inOrder = signers.toSorted((one, other) =>
    one.address.toLowerCase() < other.address.toLowerCase() ? -1 : 1,
  );
  const chainId = Number(ANVIL_CHAIN.slice('eip155:'.length));
  return {
    ...contractWallet(address, { signMessage: () => Promise.resolve('0x') }),
    answer: async ({ challengeId, message }) => {
      const hash = hashTypedData({
        domain: { chainId, verifyingContract: address as Address },
        types: { SafeMessage: [{ name: 'message', type: 'bytes' }] },
        primaryType: 'SafeMessage',
        message: { message: hashMessage(message ?? '') },
      });
      const signatures = await Promise.all(
        inOrder.map((signer) => signer.sign?.({ hash }) ?? Promise.resolve<Hex>('0x')),
      );
      return { challengeId, signature: concatHex(signatures) };
    },
  };
}
