import { Injectable } from '@nestjs/common';
import { Chains } from '@countersign/chains';
import { evmSignatureFault, type EvmAddress } from '@countersign/wallet-proofs';
import type { VerifiedWallet } from './proven-wallet';
import type { AddressedChallenge } from './wallet-challenges';
import { walletError } from '../wallets.errors';

/** Wallets of EVM chains whose key signs, also where their address has code: no node is asked. */
@Injectable()
export class EvmWallets {
  constructor(private readonly chains: Chains) {}

  /** @throws AppError wallet.signature_invalid, wallet.signature_malformed */
  async verify(challenge: AddressedChallenge, signature: string): Promise<VerifiedWallet> {
    const { kind, chainId, text: message } = challenge;
    const address = challenge.address as EvmAddress;
    const fault = await evmSignatureFault({ message, signature, address });
    if (fault) throw walletError(fault);
    return {
      provider: 'ethereum',
      environment: this.chains.environmentOf(chainId),
      subject: address,
      // The message of Metapro names no domain, no purpose and no end: any page can have it signed and pass the signature on.
      assurance: kind === 'metapro' ? 'vendor' : 'platform',
      wallet: { address, provenOn: chainId, kind, ton: null },
    };
  }
}
