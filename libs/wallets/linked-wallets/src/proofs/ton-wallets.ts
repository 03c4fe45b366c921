import { Injectable } from '@nestjs/common';
import { TonAccounts } from '@countersign/chains';
import { Clock } from '@countersign/runtime';
import {
  readTonProof,
  verifyTonProof,
  type TonNetwork,
  type TonProof,
  type TonProofPolicy,
  type VerifiedTonProof,
} from '@countersign/wallet-proofs';
import type { SignatureSwitch, VerifiedWallet } from './proven-wallet';
import type { AddressedChallenge } from './wallet-challenges';
import { walletError } from '../wallets.errors';

const NO_KEY =
  'The contract at the address does not name its key, or the endpoints of the network do not agree on it.';
const NOT_DEPLOYED =
  'No contract is deployed at the address, and the proof has no state init of a known wallet of this network.';

/** A key from endpoints counts as much as a key that the address proves only if this many endpoints agree. */
const ENDPOINTS_OF_PLATFORM = 2;

@Injectable()
export class TonWallets {
  constructor(
    private readonly accounts: TonAccounts,
    private readonly clock: Clock,
  ) {}

  /** Returns the raw address that a proof names. It proves nothing yet. */
  addressIn(tonProof: Readonly<Record<string, unknown>>): string {
    const read = readTonProof(tonProof);
    if (!read.ok) throw walletError(read.code);
    return read.value.address.raw;
  }

  async verify(
    challenge: AddressedChallenge,
    tonProof: Readonly<Record<string, unknown>>,
  ): Promise<VerifiedWallet> {
    const { kind, address, chainId, domain, text: payload, issuedAt } = challenge;
    const network: TonNetwork = chainId === 'ton:-3' ? '-3' : '-239';
    const read = readTonProof(tonProof);
    if (!read.ok) throw walletError(read.code);
    const now = this.clock.now();
    const policy = { payload, network, address, domain: domain ?? '', issuedAt, now };
    const verified = verifiedBy(read.value, policy);
    const byChain =
      verified.status === 'proven' ? null : await this.verifyByChain(challenge, read.value, policy);
    const wallet = verified.status === 'proven' ? verified.wallet : (byChain?.wallet ?? null);
    const signatureSwitch = await this.signatureSwitchOf(challenge, wallet);
    const ton = { nodes: byChain?.nodes ?? 0, signatureSwitch, key: byChain?.key ?? null };
    return {
      provider: 'ton',
      environment: network === '-3' ? 'test' : 'production',
      subject: address,
      assurance: byChain === null || byChain.nodes >= ENDPOINTS_OF_PLATFORM ? 'platform' : 'bot-token',
      wallet: { address, chainId: null, provenOn: chainId, kind, check: null, ton },
    };
  }

  private async verifyByChain(
    { chainId, address }: AddressedChallenge,
    proof: TonProof,
    policy: TonProofPolicy,
  ) {
    if (!this.accounts.canAsk(chainId)) throw walletError('wallet.network_not_configured');
    const account = await this.accounts.account(chainId, address);
    if (!account) throw walletError('wallet.signature_invalid', { detail: NO_KEY });
    const { isDeployed, publicKey, nodes } = account;
    const said = publicKey === null ? { isUndeployed: !isDeployed } : { publicKey };
    const verified = verifiedBy(proof, { ...policy, ...said });
    if (verified.status !== 'proven')
      throw walletError('wallet.signature_invalid', { detail: isDeployed ? NO_KEY : NOT_DEPLOYED });
    return { key: { publicKey: verified.publicKey }, nodes, wallet: verified.wallet };
  }

  /** A v5 wallet may obey only its extensions. Older known codes have no switch, so no endpoint learns of them. */
  private async signatureSwitchOf(
    { chainId, address }: AddressedChallenge,
    wallet: string | null,
  ): Promise<SignatureSwitch> {
    const mayBeOff = wallet === null || wallet.startsWith('v5');
    if (!mayBeOff) return null;
    if (!this.accounts.canAsk(chainId)) return 'not-asked';
    if ((await this.accounts.isSignatureAllowed(chainId, address)) === false)
      throw walletError('wallet.signature_not_allowed');
    return 'allowed';
  }
}

function verifiedBy(proof: TonProof, policy: TonProofPolicy): VerifiedTonProof {
  const verified = verifyTonProof(proof, policy);
  if (!verified.ok) throw walletError(verified.code);
  return verified.value;
}
