import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Presentation, ProofPurpose } from '@countersign/auth';
import { Clock, plusSeconds } from '@countersign/clock';
import { KeyRing, mintToken, openUnder, readToken, sealUnder, tokenDigest } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { walletError } from '../wallets.errors';
import { WalletChallengesRepository } from './wallet-challenges.repository';
import type { WalletProofKind } from './accepted-kinds';

/** How long a wallet has to sign. */
const WALLET_CHALLENGE_SECONDS = 300;

const PURPOSE = 'countersign/wallet-challenge/v1';
const PREFIX = 'cs_wc';
const SECRET_BYTES = 32;

/** What a wallet is asked to sign, for whom, and for what. */
export interface WalletChallenge {
  readonly kind: WalletProofKind;
  readonly purpose: ProofPurpose;
  /** Null for sign-ins. */
  readonly userId: string | null;
  /**
   * Lower-case hex of an EVM address, or a raw TON address. Null for a `ton_proof` of any address: it names the
   * one that it is of.
   */
  readonly address: string | null;
  /** CAIP-2. */
  readonly chainId: string;
  /** The host that the wallet signs for; null where the message names none. */
  readonly domain: string | null;
  /** The message, or the payload of `ton_proof`. */
  readonly text: string;
  readonly issuedAt: Date;
}

/** A challenge with the address that its answer is of. */
export type AddressedChallenge = WalletChallenge & { readonly address: string };

interface IssuedChallenge {
  readonly challengeId: string;
  readonly expiresAt: Date;
}

/**
 * Challenges for wallets. The id is a secret: the content is sealed under it, and only its digest is stored, so
 * that a dump does not tell who is about to prove which address.
 */
@Injectable()
export class WalletChallenges {
  constructor(
    private readonly database: Database,
    private readonly rows: WalletChallengesRepository,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  async issue(applicationId: string, challenge: WalletChallenge): Promise<IssuedChallenge> {
    const challengeId = mintToken(this.keyRing, PREFIX, randomBytes(SECRET_BYTES));
    const digest = tokenDigest(challengeId);
    const content = sealUnder(
      Buffer.from(challengeId),
      PURPOSE,
      Buffer.from(JSON.stringify(challenge)),
      digest.toString('hex'),
    );
    const expiresAt = expiryOf(challenge.issuedAt);
    const row = { digest, applicationId, content, expiresAt, usedAt: null };
    await this.database.transaction((tx) => this.rows.insert(tx, row));
    return { challengeId, expiresAt };
  }

  /**
   * Uses a challenge up in a transaction of its own, so that it stays used when the caller fails: no client tries
   * two signatures with one challenge.
   * @throws AppError wallet.challenge_invalid, wallet.challenge_used, wallet.challenge_expired
   */
  async use(challengeId: string, applicationId: string, presented: Presentation): Promise<WalletChallenge> {
    // Junk is refused before the database is asked.
    if (!readToken(this.keyRing, PREFIX, SECRET_BYTES, challengeId))
      throw walletError('wallet.challenge_invalid');
    const digest = tokenDigest(challengeId);
    const now = this.clock.now();
    const used = await this.database.transaction((tx) => this.rows.use(tx, digest, now));
    if (used?.applicationId !== applicationId) throw walletError('wallet.challenge_invalid');
    const content = openUnder(Buffer.from(challengeId), PURPOSE, used.content, digest.toString('hex'));
    const challenge = challengeFrom(content);
    if (challenge.purpose !== presented.purpose || challenge.userId !== presented.userId)
      throw walletError('wallet.challenge_invalid');
    if (!used.isFirstUse) throw walletError('wallet.challenge_used');
    if (used.expiresAt <= now) throw walletError('wallet.challenge_expired');
    return challenge;
  }
}

export function expiryOf(issuedAt: Date): Date {
  return plusSeconds(issuedAt, WALLET_CHALLENGE_SECONDS);
}

function challengeFrom(content: Buffer): WalletChallenge {
  const read = JSON.parse(content.toString('utf8')) as Omit<WalletChallenge, 'issuedAt'> & {
    readonly issuedAt: string;
  };
  return { ...read, issuedAt: new Date(read.issuedAt) };
}
