import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { equalsConstantTime } from '@countersign/crypto';
import { Refusals, type TokenRefusal } from './refusals';
import { endOf, refusalOf, type AccessSession, type Principal } from './session';
import { sessionError } from './session.errors';
import { SessionCache, type CachedSession } from './session-cache';
import { SessionTokens, type DecodedAccessToken, type PresentedAccessToken } from './session-tokens';
import { SlideWriter } from './slide-writer';

/**
 * `valid`: the current token. `prior`: the one before, in its last seconds. `idle`: not used for too long, as far as the row
 * knows. Everything else is the code of a refusal that is final.
 */
type Standing = 'valid' | 'prior' | 'idle' | TokenRefusal;

/** A session that is good for the token that was presented. */
interface Found {
  readonly cached: CachedSession;
  readonly standing: 'valid' | 'prior';
}

export type BoundSession = AccessSession & { readonly deviceKeyThumbprint: string };

/** What an access token opens. */
export interface Access {
  readonly principal: Principal;
  /** Of the key that has to prove every use; `null` for a token that whoever holds it may use. */
  readonly deviceKeyThumbprint: string | null;
  /** When the token ends, however much it is used. */
  readonly expiresAt: Date;
  /** When it ends unless it is used. */
  readonly idleExpiresAt: Date;
}

/** Answers who an access token stands for. The hot path: no statement for a session in memory, no write ever. */
@Injectable()
export class SessionAuthenticator {
  constructor(
    private readonly tokens: SessionTokens,
    private readonly cache: SessionCache,
    private readonly refusals: Refusals,
    private readonly slides: SlideWriter,
    private readonly clock: Clock,
  ) {}

  /**
   * Uses an access token, which moves its idle deadline.
   * @param prove requires the proof of a bound session's device key, and throws without it
   * @throws AppError session.token_invalid, session.expired, session.ended
   */
  async authenticate(accessToken: unknown, prove: (session: BoundSession) => Promise<void>): Promise<Access> {
    const presented = this.tokens.decodeAccess(accessToken);
    if (!presented) throw sessionError('session.token_invalid');
    const { cached, standing } = this.peek(presented) ?? (await this.look(presented));
    const { session } = cached;
    if (isBound(session)) await prove(session);
    // Only now: a stolen token of a bound session is kept alive by nobody.
    if (standing === 'valid') this.slides.slide(cached, this.clock.now());
    return toAccess(cached, standing);
  }

  /**
   * What an access token opens, without using it and without a proof of the device key.
   * @throws AppError session.token_invalid, session.expired, session.ended
   */
  async inspect(accessToken: unknown): Promise<Access> {
    const presented = this.tokens.decodeAccess(accessToken);
    if (!presented) throw sessionError('session.token_invalid');
    const { cached, standing } = this.peek(presented) ?? (await this.look(presented));
    return toAccess(cached, standing);
  }

  /**
   * What memory knows for certain: there the digest of the whole token decides, so that its tag need not be looked at.
   * @throws AppError as `authenticate`
   */
  private peek(presented: PresentedAccessToken): Found | null {
    this.throwKnownRefusal(presented);
    const now = this.clock.now();
    return foundIn(this.cache.peek(presented.sessionId, now), presented, now);
  }

  /**
   * A refusal is never concluded from an entry in memory, since another replica may have moved the deadline or rotated the
   * token, nor from a statement that began before the token was presented. What was not issued here is refused before any.
   */
  private async look(presented: DecodedAccessToken): Promise<Found> {
    if (!presented.isGenuine()) throw sessionError('session.token_invalid');
    const { sessionId, digest } = presented;
    const isOlder = this.cache.isLoading(sessionId);
    let cached = await this.cache.load(sessionId);
    let found = foundIn(cached, presented, this.clock.now());
    if (!found && isOlder) {
      this.throwKnownRefusal(presented);
      cached = await this.cache.loadAnew(sessionId);
      found = foundIn(cached, presented, this.clock.now());
    }
    if (found) return found;
    const standing = cached ? standingOf(cached, presented, this.clock.now()) : 'session.token_invalid';
    const code = standing === 'idle' ? 'session.expired' : standing;
    if (code === 'valid' || code === 'prior') throw sessionError('session.ended');
    this.refusals.add(digest, code, standing === 'idle');
    throw sessionError(code);
  }

  private throwKnownRefusal({ digest }: PresentedAccessToken): void {
    const refusal = this.refusals.find(digest);
    if (refusal !== undefined) throw sessionError(refusal);
  }
}

function isBound(session: AccessSession): session is BoundSession {
  return session.deviceKeyThumbprint !== null;
}

function foundIn(
  cached: CachedSession | null | undefined,
  presented: PresentedAccessToken,
  now: Date,
): Found | null {
  if (!cached?.principal) return null;
  const standing = standingOf(cached, presented, now);
  return standing === 'valid' || standing === 'prior' ? { cached, standing } : null;
}

function toAccess({ session, principal, idleDeadline }: CachedSession, standing: Found['standing']): Access {
  if (!principal) throw sessionError('session.ended');
  const prior = session.priorAccessExpiresAt ?? session.accessExpiresAt;
  return {
    principal,
    deviceKeyThumbprint: session.deviceKeyThumbprint,
    expiresAt: standing === 'valid' ? session.accessExpiresAt : prior,
    idleExpiresAt: standing === 'valid' ? idleDeadline : prior,
  };
}

/** Whether the token is good now, and why not: everything that `Standing` says of it. */
function standingOf(
  { session, idleDeadline }: CachedSession,
  { digest }: PresentedAccessToken,
  now: Date,
): Standing {
  const isCurrent = equalsConstantTime(digest, session.accessDigest);
  const isPrior = session.priorAccessDigest !== null && equalsConstantTime(digest, session.priorAccessDigest);
  if (!isCurrent && !isPrior) return 'session.token_invalid';
  if (endOf(session, now)) return refusalOf(session);
  if (isPrior)
    return session.priorAccessExpiresAt && session.priorAccessExpiresAt > now ? 'prior' : 'session.expired';
  if (session.accessExpiresAt <= now) return 'session.expired';
  return idleDeadline > now ? 'valid' : 'idle';
}
