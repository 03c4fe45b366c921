import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AppError } from '@countersign/errors';
import {
  anyAddress,
  assertAllowed,
  noteVerdict,
  RateLimits,
  refusalRules,
  type LimitKey,
} from '@countersign/limits';

const RULE = refusalRules.principal;

/** Who authenticates, as far as it says. */
interface Claimant {
  /** As `request.ip` gives it. */
  readonly address: string | undefined;
  /** Unverified. */
  readonly principalId: string | null;
}

/**
 * Counts failed authentications of principals by address, which may be a private one, and by principal. A right credential passes
 * above the limit too: otherwise a flood would lock administrators out.
 */
@Injectable()
export class FailedAuthentications {
  constructor(private readonly limits: RateLimits) {}

  /**
   * Above the limit nothing is done for a client that has gone.
   * @throws AppError request.rate_limited for a failure above the limit
   */
  async watch<T>(claimant: Claimant, reply: FastifyReply, authenticate: () => Promise<T>): Promise<T> {
    const keys = keysOf(claimant);
    const before = await Promise.all(keys.map((key) => this.limits.peek(RULE, key)));
    const reached = before.find(({ isAllowed }) => !isAllowed);
    if (reached && reply.raw.destroyed) assertAllowed(reached);
    try {
      return await authenticate();
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'principal.invalid_client')) throw error;
      const counted = reached
        ? [reached]
        : await Promise.all(keys.map((key) => this.limits.consume(RULE, key)));
      const refusal = counted.find(({ isAllowed }) => !isAllowed);
      if (refusal) {
        noteVerdict(reply, refusal);
        assertAllowed(refusal);
      }
      throw error;
    }
  }
}

function keysOf({ address, principalId }: Claimant): readonly LimitKey[] {
  const ofPrincipal: readonly LimitKey[] = principalId === null ? [] : [['principal', principalId]];
  return [['address', anyAddress(address)], ...ofPrincipal];
}
