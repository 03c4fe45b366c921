import { Injectable } from '@nestjs/common';
import { assertAllowed, RateLimits, type LimitRule } from '@countersign/http';
import type { Presentation, ProofPurpose } from '@countersign/auth';
import { plusSeconds } from '@countersign/runtime';
import { OneTimeTokens, type OneTimeKind } from '@countersign/database';
import { walletError } from '../wallets.errors';
import type { WalletProofKind } from './proven-wallet';

/**
 * Limits one wallet. Any client can ask for its challenges, so a low limit would lock its owner out. This limit is
 * above the refusals that one IP address may have.
 */
const OF_ADDRESS: LimitRule = { name: 'wallet-address-proofs', limit: 600, window: 60 };

const OF_PERSON: LimitRule = { name: 'wallet-proofs', limit: 60, window: 60 };

/** Limits one person's challenges in the sessions of all applications, because each challenge is a row. */
const CHALLENGES: LimitRule = { name: 'wallet-session-challenges', limit: 60, window: 60 };

/** Limits challenges and the checks of signatures, which cost a thousand times as much. */
@Injectable()
export class WalletLimits {
  constructor(private readonly limits: RateLimits) {}

  async countChallenge(userId: string): Promise<void> {
    assertAllowed(await this.limits.consume(CHALLENGES, [userId]));
  }

  /** Counts the check of a signature. */
  async count(address: string, userId: string | null): Promise<void> {
    if (userId !== null) assertAllowed(await this.limits.consume(OF_PERSON, [userId]));
    assertAllowed(await this.limits.consume(OF_ADDRESS, [address]));
  }
}

export interface WalletChallenge {
  readonly kind: WalletProofKind;
  readonly purpose: ProofPurpose;
  /** Null for sign-ins. */
  readonly userId: string | null;
  /** Lower-case hex of an EVM address, or a raw TON address. Null if the answering `ton_proof` names the address. */
  readonly address: string | null;
  /** CAIP-2. */
  readonly chainId: string;
  /** The host for which the wallet signs; null if the message names none. */
  readonly domain: string | null;
  /** The message, or the payload of `ton_proof`. */
  readonly text: string;
  readonly issuedAt: Date;
}

export type AddressedChallenge = WalletChallenge & { readonly address: string };

const CHALLENGE: OneTimeKind<Omit<WalletChallenge, 'issuedAt'>> = {
  name: 'wallet-challenge',
  prefix: 'cs_wc',
  lifetimeSeconds: 300,
};

/** The id of a challenge is its token, so that a dump does not show who is about to prove which address. */
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

  /** Uses a challenge up, even if the caller fails, so that no client tries two signatures with one challenge. */
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
