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

/** A contract wallet counts as much as a key only if this many nodes agree. */
const NODES_OF_PLATFORM = 2;

@Injectable()
export class EvmWallets {
  constructor(
    private readonly chains: Chains,
    private readonly nodes: EvmNodes,
    private readonly contracts: ContractSignatures,
  ) {}

  /** A key's signature needs no node, even if the address has code. So no node can replace a key to sign in others. */
  async verify(challenge: AddressedChallenge, signature: string): Promise<VerifiedWallet> {
    const address = challenge.address as EvmAddress;
    const proof = await evmProofOf({ message: challenge.text, signature, address });
    if (!proof.ok) throw walletError(proof.code);
    if (proof.value.by === 'contract') return this.verifyContract(challenge, proof.value);
    return this.proven(challenge, address, 'platform', null);
  }

  /** A contract wallet is only connected: no identity has a CAIP-10 id as its subject, so it finds no account. */
  private async verifyContract(
    challenge: AddressedChallenge,
    { address, hash, signature }: Extract<EvmProof, { by: 'contract' }>,
  ): Promise<VerifiedWallet> {
    const { chainId, purpose } = challenge;
    if (purpose !== 'link') throw walletError('wallet.signature_invalid', { detail: SHOWN_ONLY });
    if (!this.nodes.canAsk(chainId)) throw walletError('wallet.signature_invalid', { detail: NEEDS_CHAIN });
    const { refusal, block, nodes } = await this.contracts.verify({ chainId, address, hash, signature });
    if (refusal !== null) throw walletError('wallet.signature_invalid', { detail: details[refusal] });
    // The owner of a single node could accept any signature.
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
      // Metapro's message names no domain, purpose or end, so any page can get it signed and pass the signature on.
      assurance: kind === 'metapro' ? 'vendor' : most,
      wallet: { address, chainId, provenOn, kind, check, ton: null },
    };
  }
}
