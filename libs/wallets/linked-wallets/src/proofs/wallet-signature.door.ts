import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  accepted,
  OpensOnPages,
  proofIdOf,
  readSignIn,
  SIGN_IN,
  signInCodes,
  type BodyDoorDeclaration,
  type Door,
  type VerifiedProof,
  type VerifiedSignIn,
} from '@countersign/auth';
import { ApplicationsService, type Application } from '@countersign/applications';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import { invalidField } from '@countersign/http';
import { UsersService } from '@countersign/users';
import {
  EXAMPLE_CHALLENGE_ID,
  EXAMPLE_SIGNATURE,
  EXAMPLE_TON_PROOF,
  WalletSignIn,
} from './dto/wallet-challenge.dto';
import { assertAccepted, type OfWallet, type VerifiedWallet } from './proven-wallet';
import { EvmWallets } from './evm-wallets';
import { TonWallets } from './ton-wallets';
import {
  expiryOf,
  WalletChallenges,
  WalletLimits,
  type AddressedChallenge,
  type WalletChallenge,
} from './wallet-challenges';
import { walletError, walletProofCodes } from '../wallets.errors';
import { LOGIN_BY_WALLET } from './wallet-script';
import { walletSettings, walletMethods } from '../linked-wallets.feature';

/** Opens to keys. A contract wallet can only be connected. */
@Injectable()
@OpensOnPages({ script: LOGIN_BY_WALLET })
export class WalletSignatureDoor implements Door {
  static readonly declaration: BodyDoorDeclaration = {
    name: 'wallet-signature',
    body: WalletSignIn,
    proofFields: { signature: EXAMPLE_SIGNATURE, tonProof: EXAMPLE_TON_PROOF },
    besides: { challengeId: EXAMPLE_CHALLENGE_ID },
    operation: {
      operationId: 'signInWithWallet',
      summary: 'Sign in with a wallet',
      description:
        'With the answer to a challenge of POST /v1/auth/wallets/challenges, which is used up by it, also when it is refused. ' +
        'A wallet that no account has founds one only where the application sets `wallets.createsAccounts`.',
    },
    stepsUp: 'a wallet’s answer to a challenge',
    link: {
      path: 'wallets',
      codes: ['wallet.sign_in_not_allowed'],
      operationId: 'linkWalletIdentity',
      summary: 'Link the identity of a wallet',
      description:
        'After step-up. With the answer to a challenge of POST /v1/wallets/challenges. POST /v1/wallets/links does the same, ' +
        'and answers the wallet.',
    },
    codes: [...signInCodes, ...walletProofCodes, 'wallet.not_linked'],
    refusals: 'sign-in',
    levels: { platform: 'POST /v1/auth/wallets' },
    metric: 'wallet',
  };

  constructor(
    private readonly applications: ApplicationsService,
    private readonly challenges: WalletChallenges,
    private readonly limits: WalletLimits,
    private readonly evm: EvmWallets,
    private readonly ton: TonWallets,
    private readonly users: UsersService,
  ) {}

  isOpenTo({ settings }: Application): boolean {
    return walletSettings.of(settings).accept;
  }

  async open(body: unknown, presented = SIGN_IN): Promise<VerifiedSignIn> {
    const read = readSignIn(WalletSignIn, body);
    const answer = answerOf(read);
    const { applicationId, challengeId } = read;
    const application = await this.applications.getById(applicationId);
    const used = await this.challenges.use(challengeId, applicationId, presented);
    assertAccepted(application, used.kind);
    const challenge = this.addressed(used, answer);
    await this.limits.count(challenge.address, presented.userId);
    const verified = await this.verifyAnswer(challenge, answer);
    const proof = proofOf(read, challenge, answer, verified);
    const isOfKnownOnly =
      presented.purpose === 'sign-in' && !walletSettings.of(application.settings).createsAccounts;
    const consume = (tx: EntityManager) => this.assertLinked(tx, proof);
    return accepted({ application, proof, ...(isOfKnownOnly && { consume }) }, read);
  }

  private addressed(challenge: WalletChallenge, answer: SignedAnswer): AddressedChallenge {
    const { address } = challenge;
    if (address !== null) return { ...challenge, address };
    if ('tonProof' in answer) return { ...challenge, address: this.ton.addressIn(answer.tonProof) };
    return refuse('tonProof');
  }

  private async verifyAnswer(challenge: AddressedChallenge, answer: SignedAnswer): Promise<VerifiedWallet> {
    if (challenge.kind !== 'ton-proof')
      return 'signature' in answer ? this.evm.verify(challenge, answer.signature) : refuse('signature');
    return 'tonProof' in answer ? this.ton.verify(challenge, answer.tonProof) : refuse('tonProof');
  }

  /** Locks the account, so that the wallet is not unlinked before the sign-in looks for it again. */
  private async assertLinked(tx: EntityManager, proof: VerifiedProof): Promise<void> {
    const owner = await this.users.findByClaim(proof, tx);
    if (!owner || !(await this.users.lockIfThere(tx, owner.userId))) throw walletError('wallet.not_linked');
    const current = await this.users.findByClaim(proof, tx);
    if (current?.userId !== owner.userId) throw walletError('wallet.not_linked');
  }
}

type SignedAnswer =
  /** `0x` and lower-case hex. */
  { readonly signature: string } | { readonly tonProof: Readonly<Record<string, unknown>> };

function refuse(answeredBy: keyof WalletSignIn): never {
  const detail = `This challenge is answered by \`${answeredBy}\`.`;
  throw walletError('wallet.signature_invalid', { detail });
}

function answerOf({ signature, tonProof }: WalletSignIn): SignedAnswer {
  if (signature !== undefined && tonProof === undefined) return { signature: signature.toLowerCase() };
  if (tonProof !== undefined && signature === undefined) return { tonProof };
  throw invalidField('', 'exactly_one', 'must have exactly one of signature and tonProof');
}

function proofOf(
  { applicationId, challengeId }: WalletSignIn,
  challenge: WalletChallenge,
  answer: SignedAnswer,
  { provider, environment, subject, assurance, wallet }: VerifiedWallet,
): VerifiedProof & OfWallet {
  return {
    provider,
    environment,
    subject,
    applicationId,
    botId: null,
    botRowId: null,
    profile: {},
    hints: {},
    alias: null,
    // Not a time from the wallet: the challenge existed before the answer, and cannot be older than this.
    madeAt: challenge.issuedAt,
    freshUntil: expiryOf(challenge.issuedAt),
    startParam: null,
    site: challenge.domain,
    // A challenge is used once. A signature identifies nothing, because it has several spellings.
    proofId: proofIdOf({ provider, environment, botId: '', fields: [['challenge', challengeId]] }),
    secret: sha256(lengthPrefixed(['countersign/wallet-proof/v1', challengeId, JSON.stringify(answer)])),
    assurance,
    door: walletMethods.wallet,
    wallet,
  };
}
