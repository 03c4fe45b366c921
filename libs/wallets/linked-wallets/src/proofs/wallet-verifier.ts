import { Injectable } from '@nestjs/common';
import { EvmWallets } from './evm-wallets';
import { TonWallets } from './ton-wallets';
import type { VerifiedWallet } from './proven-wallet';
import type { AddressedChallenge, WalletChallenge } from './wallet-challenges';
import { walletError } from '../wallets.errors';

/** What a wallet answers to a challenge. */
export type SignedAnswer =
  /** `0x` and lower-case hex. */
  { readonly signature: string } | { readonly tonProof: Readonly<Record<string, unknown>> };

const BY_TON_PROOF = 'This challenge is answered by `tonProof`.';

/** Verifies the answer to a challenge that is used up already. */
@Injectable()
export class WalletVerifier {
  constructor(
    private readonly evm: EvmWallets,
    private readonly ton: TonWallets,
  ) {}

  /**
   * Reads the address from the answer where the challenge is for any. @throws AppError with the code of the refusal
   */
  addressed(challenge: WalletChallenge, answer: SignedAnswer): AddressedChallenge {
    const { address } = challenge;
    if (address !== null) return { ...challenge, address };
    if ('tonProof' in answer) return { ...challenge, address: this.ton.addressIn(answer.tonProof) };
    throw walletError('wallet.signature_invalid', { detail: BY_TON_PROOF });
  }

  /** @throws AppError with the code of the first rule that the answer fails */
  async verify(challenge: AddressedChallenge, answer: SignedAnswer): Promise<VerifiedWallet> {
    if (challenge.kind === 'ton-proof') {
      if ('tonProof' in answer) return this.ton.verify(challenge, answer.tonProof);
      throw walletError('wallet.signature_invalid', { detail: BY_TON_PROOF });
    }
    if ('signature' in answer) return this.evm.verify(challenge, answer.signature);
    throw walletError('wallet.signature_invalid', { detail: 'This challenge is answered by `signature`.' });
  }
}
