import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { equalsConstantTime } from '@countersign/crypto';
import { endOf, refusalOf, type Principal, type Session } from './session';
import { sessionError } from './session.errors';
import { SessionCache, type CachedSession } from './session-cache';
import { SessionTokens, type PresentedAccessToken } from './session-tokens';
import { SlideWriter } from './slide-writer';

/** `valid`: the current token. `prior`: the one before, in its last seconds. Everything else is the code of a refusal. */
type Standing = 'valid' | 'prior' | 'session.expired' | 'session.ended' | 'session.token_invalid';

/** Answers who an access token stands for. The hot path: no statement for a session in memory, no write ever. */
@Injectable()
export class SessionAuthenticator {
  constructor(
    private readonly tokens: SessionTokens,
    private readonly cache: SessionCache,
    private readonly slides: SlideWriter,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError session.token_invalid, session.expired, session.ended */
  async authenticate(accessToken: unknown): Promise<Principal> {
    const presented = this.tokens.readAccess(accessToken);
    if (!presented) throw sessionError('session.token_invalid');
    const now = this.clock.now();

    const cached = this.cache.peek(presented.sessionId, now);
    if (cached) {
      const standing = standingOf(cached, presented, now);
      if (standing === 'valid' || standing === 'prior') return this.accept(cached, standing, now);
    }
    // A refusal is never concluded from memory: another replica may have moved the deadline or rotated the token.
    const loaded = await this.cache.load(presented.sessionId);
    if (!loaded) throw sessionError('session.token_invalid');
    const standing = standingOf(loaded, presented, now);
    if (standing === 'valid' || standing === 'prior') return this.accept(loaded, standing, now);
    throw sessionError(standing);
  }

  private accept(cached: CachedSession, standing: 'valid' | 'prior', now: Date): Principal {
    if (standing === 'valid') this.slides.slide(cached, now);
    return toPrincipal(cached.session);
  }
}

function standingOf(
  { session, idleDeadline }: CachedSession,
  { digest }: PresentedAccessToken,
  now: Date,
): Standing {
  const isCurrent = equalsConstantTime(digest, session.accessDigest);
  const isPrior = session.priorAccessDigest !== null && equalsConstantTime(digest, session.priorAccessDigest);
  if (!isCurrent && !isPrior) return 'session.token_invalid';
  if (endOf(session, now)) return refusalOf(session);
  if (isCurrent) return idleDeadline > now && session.accessExpiresAt > now ? 'valid' : 'session.expired';
  return session.priorAccessExpiresAt && session.priorAccessExpiresAt > now ? 'prior' : 'session.expired';
}

function toPrincipal({ id, userId, applicationId, identityId, assurance, scopes }: Session): Principal {
  if (identityId === null) throw sessionError('session.ended');
  return { sessionId: id, userId, applicationId, identityId, assurance, scopes };
}
