import { Injectable } from '@nestjs/common';
import { assertAllowed, RateLimits, type LimitRule } from '@countersign/limits';

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

  /** A person asks for a challenge within a session. @throws AppError request.rate_limited */
  async countChallenge(userId: string): Promise<void> {
    assertAllowed(await this.limits.consume(CHALLENGES, [userId]));
  }

  /** A signature is about to be checked. @throws AppError request.rate_limited */
  async count(address: string, userId: string | null): Promise<void> {
    if (userId !== null) assertAllowed(await this.limits.consume(OF_PERSON, [userId]));
    assertAllowed(await this.limits.consume(OF_ADDRESS, [address]));
  }
}
