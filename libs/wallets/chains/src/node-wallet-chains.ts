import { Injectable } from '@nestjs/common';
import {
  WalletChains,
  type ContractSignatureQuestion,
  type ContractVerdict,
  type TonAccount,
} from '@countersign/wallet-proofs';
import { Chains } from './chains';
import { ContractSignatures } from './signatures/contract-signatures';
import { TonAccounts } from './ton/ton-accounts';

/** Answers proofs of wallets from the configured nodes. */
@Injectable()
export class NodeWalletChains extends WalletChains {
  constructor(
    private readonly chains: Chains,
    private readonly contracts: ContractSignatures,
    private readonly tonAccounts: TonAccounts,
  ) {
    super();
  }

  environmentOf(chainId: string): 'production' | 'test' {
    return this.chains.environmentOf(chainId);
  }

  canAsk(chainId: string): boolean {
    return chainId.startsWith('ton:') ? this.tonAccounts.canAsk(chainId) : this.contracts.canAsk(chainId);
  }

  async verifyContract(question: ContractSignatureQuestion): Promise<ContractVerdict> {
    return this.contracts.verify(question);
  }

  async tonAccount(chainId: string, address: string): Promise<TonAccount | null> {
    return this.tonAccounts.account(chainId, address);
  }

  async isTonSignatureAllowed(chainId: string, address: string): Promise<boolean | null> {
    return this.tonAccounts.isSignatureAllowed(chainId, address);
  }
}
