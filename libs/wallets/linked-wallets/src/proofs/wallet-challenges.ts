import { Injectable } from '@nestjs/common';
import { assertAllowed, RateLimits, type LimitRule } from '@countersign/http';
import type { Presentation, ProofPurpose } from '@countersign/auth';
import { plusSeconds } from '@countersign/runtime';
import { OneTimeTokens, type OneTimeKind } from '@countersign/database';
import { walletError } from '../wallets.errors';
import type { WalletProofKind } from './proven-wallet';

/**
 * Of one wallet. Any client can ask for challenges of it, so a low limit would keep its holder out: this one is above
 * what one IP address may have refused.
 */
const OF_ADDRESS: LimitRule = { name: 'wallet-address-proofs', limit: 600, window: 60 };

/** Of one person, in sessions. */
const OF_PERSON: LimitRule = { name: 'wallet-proofs', limit: 60, window: 60 };

/** Challenges of one person, in sessions of all applications: each is a row. */
const CHALLENGES: LimitRule = { name: 'wallet-session-challenges', limit: 60, window: 60 };

/** Limits on challenges, and on the checking of signatures, which costs a thousand times as much. */
@Injectable()
export class WalletLimits {
  constructor(private readonly limits: RateLimits) {}

  /** A person asks for a challenge within a session. */
  async countChallenge(userId: string): Promise<void> {
    assertAllowed(await this.limits.consume(CHALLENGES, [userId]));
  }

  /** A signature is about to be checked. */
  async count(address: string, userId: string | null): Promise<void> {
    if (userId !== null) assertAllowed(await this.limits.consume(OF_PERSON, [userId]));
    assertAllowed(await this.limits.consume(OF_ADDRESS, [address]));
  }
}

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

/** A wallet has five minutes to sign. */
const CHALLENGE: OneTimeKind<Omit<WalletChallenge, 'issuedAt'>> = {
  name: 'wallet-challenge',
  prefix: 'cs_wc',
  lifetimeSeconds: 300,
};

/** Challenges for wallets. The id is the token, so that a dump does not tell who is about to prove which address. */
@Injectable()
export class WalletChallenges {
  constructor(private readonly tokens: OneTimeTokens) {}

  async issue(
    applicationId: string,
    { issuedAt, ...content }: WalletChallenge,
  ): Promise<{ readonly challengeId: string; readonly expiresAt: Date }> {
    const { token, expiresAt } = await this.tokens.issue(CHALLENGE, { applicationId, content, issuedAt });
    return { challengeId: token, expiresAt };
  }

  /** Uses a challenge up, also when the caller fails: no client tries two signatures with one challenge. */
  async use(challengeId: string, applicationId: string, presented: Presentation): Promise<WalletChallenge> {
    const used = await this.tokens.use(CHALLENGE, challengeId);
    if (used?.applicationId !== applicationId) throw walletError('wallet.challenge_invalid');
    const { content, issuedAt } = used;
    if (content.purpose !== presented.purpose || content.userId !== presented.userId)
      throw walletError('wallet.challenge_invalid');
    if (used.isUsed) throw walletError('wallet.challenge_used');
    if (used.isExpired) throw walletError('wallet.challenge_expired');
    return { ...content, issuedAt };
  }
}

export function expiryOf(issuedAt: Date): Date {
  return plusSeconds(issuedAt, CHALLENGE.lifetimeSeconds);
}
