import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import type { SignatureSwitch } from '@countersign/users';
import {
  readTonProof,
  verifyTonProof,
  WalletChains,
  type TonNetwork,
  type TonProof,
  type TonProofPolicy,
  type VerifiedTonProof,
} from '@countersign/wallet-proofs';
import type { VerifiedWallet } from './verified-wallet';
import type { AddressedChallenge } from './wallet-challenges';
import { walletError } from './wallet.errors';

const NEEDS_ENDPOINT =
  'The proof has no state init of a known wallet. Other contracts can be proven only where the operator has configured ' +
  'this network of TON.';
const NO_KEY =
  'The contract at the address does not tell its key, or the endpoints of the network do not agree on it.';

/** So many endpoints have to agree on a key before it counts as much as one that the address itself proves. */
const ENDPOINTS_OF_PLATFORM = 2;

/** Wallets of TON. */
@Injectable()
export class TonWallets {
  constructor(
    private readonly chains: WalletChains,
    private readonly clock: Clock,
  ) {}

  /** The raw address that a proof names. It proves nothing yet. @throws AppError with the code of the refusal */
  addressIn(tonProof: Readonly<Record<string, unknown>>): string {
    const read = readTonProof(tonProof);
    if (!read.ok) throw walletError(read.code);
    return read.value.address.raw;
  }

  /** @throws AppError chain.unavailable, and wallet.* of `tonProofRefusals` */
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
    const isByItself = verified.status === 'proven';
    const endpoints = isByItself ? null : await this.verifyByChain(challenge, read.value, policy);
    const wallet = verified.status === 'proven' ? verified.wallet : null;
    const signatureSwitch = await this.signatureSwitchOf(challenge, wallet);
    const ton = { nodes: endpoints ?? 0, signatureSwitch };
    return {
      provider: 'ton',
      environment: network === '-3' ? 'test' : 'production',
      subject: address,
      assurance: endpoints === null || endpoints >= ENDPOINTS_OF_PLATFORM ? 'platform' : 'bot-token',
      wallet: { namespace: 'ton', address, chainId: null, provenOn: chainId, kind, check: null, ton },
    };
  }

  /** @returns how many endpoints agree on the key */
  private async verifyByChain(
    { chainId, address }: AddressedChallenge,
    proof: TonProof,
    policy: TonProofPolicy,
  ): Promise<number> {
    if (!this.chains.canAsk(chainId))
      throw walletError('wallet.signature_invalid', { detail: NEEDS_ENDPOINT });
    const answered = await this.chains.tonPublicKey(chainId, address);
    if (!answered) throw walletError('wallet.signature_invalid', { detail: NO_KEY });
    if (verifiedBy(proof, { ...policy, publicKey: answered.key }).status !== 'proven')
      throw walletError('wallet.signature_invalid', { detail: NO_KEY });
    return answered.nodes;
  }

  /**
   * A deployed wallet of version 5 may be ruled by its extensions only. Older ones of a known code have no such switch,
   * so no endpoint learns of them.
   * @throws AppError wallet.signature_not_allowed, chain.unavailable
   */
  private async signatureSwitchOf(
    { chainId, address }: AddressedChallenge,
    wallet: string | null,
  ): Promise<SignatureSwitch> {
    const mayBeOff = wallet === null || wallet.startsWith('v5');
    if (!mayBeOff) return null;
    if (!this.chains.canAsk(chainId)) return 'not-asked';
    if ((await this.chains.isTonSignatureAllowed(chainId, address)) === false)
      throw walletError('wallet.signature_not_allowed');
    return 'allowed';
  }
}

/** @throws AppError with the code of the refusal */
function verifiedBy(proof: TonProof, policy: TonProofPolicy): VerifiedTonProof {
  const verified = verifyTonProof(proof, policy);
  if (!verified.ok) throw walletError(verified.code);
  return verified.value;
}
