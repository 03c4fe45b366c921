import { Injectable } from '@nestjs/common';
import { Chains, ContractSignatures, EvmNodes, type ContractSignatureRefusal } from '@countersign/chains';
import { evmProofOf, type EvmAddress, type EvmProof } from '@countersign/wallet-proofs';
import type { Assurance } from '@countersign/users';
import type { ProvenWallet, VerifiedWallet } from './proven-wallet';
import type { AddressedChallenge } from './wallet-challenges';
import { walletError } from '../wallets.errors';

const NEEDS_CHAIN =
  'The key of the address has not signed this. A contract wallet can be proven only on a chain that the operator has ' +
  'configured.';

const SHOWN_ONLY =
  'The key of the address has not signed this. A contract wallet is connected, to be shown: it does not sign in, step up or ' +
  'merge.';

const details: Readonly<Record<ContractSignatureRefusal, string>> = {
  no_contract: 'The key of the address has not signed this, and no contract is deployed there on this chain.',
  contract_refuses: 'The contract at the address says that it is not its signature.',
  nodes_disagree: 'The nodes of the chain do not agree on it.',
};

/** So many nodes have to agree before a contract wallet counts as much as a key. */
const NODES_OF_PLATFORM = 2;

@Injectable()
export class EvmWallets {
  constructor(
    private readonly chains: Chains,
    private readonly nodes: EvmNodes,
    private readonly contracts: ContractSignatures,
  ) {}

  /**
   * A signature by the key of the address needs no node, also where the address has code: no node can sign in
   * another client in place of a key.
   */
  async verify(challenge: AddressedChallenge, signature: string): Promise<VerifiedWallet> {
    const address = challenge.address as EvmAddress;
    const proof = await evmProofOf({ message: challenge.text, signature, address });
    if (!proof.ok) throw walletError(proof.code);
    if (proof.value.by === 'contract') return this.verifyContract(challenge, proof.value);
    return this.proven(challenge, address, 'platform', null);
  }

  /** It is connected only. No identity has a CAIP-10 id as its subject, so such a proof finds no account. */
  private async verifyContract(
    challenge: AddressedChallenge,
    { address, hash, signature }: Extract<EvmProof, { by: 'contract' }>,
  ): Promise<VerifiedWallet> {
    const { chainId, purpose } = challenge;
    if (purpose !== 'link') throw walletError('wallet.signature_invalid', { detail: SHOWN_ONLY });
    if (!this.nodes.canAsk(chainId)) throw walletError('wallet.signature_invalid', { detail: NEEDS_CHAIN });
    const { refusal, block, nodes } = await this.contracts.verify({ chainId, address, hash, signature });
    if (refusal !== null) throw walletError('wallet.signature_invalid', { detail: details[refusal] });
    // Who runs the only node that is asked can say yes to any signature.
    const most = nodes >= NODES_OF_PLATFORM ? 'platform' : 'bot-token';
    return this.proven(challenge, address, most, { block, nodes });
  }

  private proven(
    { kind, chainId: provenOn }: AddressedChallenge,
    address: EvmAddress,
    most: Assurance,
    check: ProvenWallet['check'],
  ): VerifiedWallet {
    const chainId = check === null ? null : provenOn;
    return {
      provider: 'ethereum',
      environment: this.chains.environmentOf(provenOn),
      subject: chainId === null ? address : `${chainId}:${address}`,
      // The message of Metapro names no domain, no purpose and no end: any page can have it signed and pass the signature on.
      assurance: kind === 'metapro' ? 'vendor' : most,
      wallet: { address, chainId, provenOn, kind, check, ton: null },
    };
  }
}
