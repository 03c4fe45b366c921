import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/runtime';
import { equalsConstantTime } from '@countersign/crypto';
import { ApplicationsService, type Application } from '@countersign/applications';
import { AccountLevels } from '@countersign/users';
import { type CachedSession, SessionCache, RefusedTokens, type TokenRefusal } from '../memory/session-cache';
import { endOf, refusalOf, refusalAtDoor, type AccessSession, type Principal } from '../session';
import { sessionError } from '../session.errors';
import { FirstUses, SlideWriter } from '../memory/slide-writer';
import { SessionTokens, type DecodedAccessToken, type PresentedAccessToken } from '../session-tokens';

/** Decides whether a session acts across applications, or sees its own application and identity only. */
@Injectable()
export class AccountAccess {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly levels: AccountLevels,
  ) {}

  /** True for sessions of first-party applications, by proofs of their own bots, at the level of the account. */
  async isAccountWide(
    caller: Pick<Principal, 'userId' | 'applicationId' | 'assurance' | 'isOfAllowedBot'>,
    application?: Application,
  ): Promise<boolean> {
    const { trust, settings } = application ?? (await this.applications.getById(caller.applicationId));
    if (trust !== 'first-party' || caller.isOfAllowedBot) return false;
    const account = { userId: caller.userId, applicationLevel: settings.accountAssurance };
    return this.levels.isMetBy(account, caller.assurance);
  }
}

/** `prior`: the previous token in its grace period. `idle`: unused for too long, according to the row. */
type Standing = 'valid' | 'prior' | 'idle' | TokenRefusal;

interface Found {
  readonly session: AccessSession;
  readonly standing: 'valid' | 'prior';
  readonly access: Access;
}

type BoundSession = AccessSession & { readonly deviceKeyThumbprint: string };

export interface Access {
  readonly principal: Principal;
  /** The thumbprint of the key that has to prove every use; `null` for a bearer token. */
  readonly deviceKeyThumbprint: string | null;
  /** When the token ends, regardless of use. */
  readonly expiresAt: Date;
  /** When the token ends unless it is used. */
  readonly idleExpiresAt: Date;
}

/** This is the hot path: a cached session needs no statement, and only the first use of a refreshed pair writes. */
@Injectable()
export class SessionAuthenticator {
  constructor(
    private readonly tokens: SessionTokens,
    private readonly cache: SessionCache,
    private readonly refusals: RefusedTokens,
    private readonly slides: SlideWriter,
    private readonly firstUses: FirstUses,
    private readonly clock: Clock,
  ) {}

  /**
   * Moves the idle deadline. It allocates no promise on cache hits, because a gateway calls it before every request.
   * @param prove requires the proof of a bound session's device key, and throws without it
   */
  authenticate(
    accessToken: unknown,
    prove: (session: BoundSession) => Promise<void>,
  ): Access | Promise<Access> {
    const presented = this.decode(accessToken);
    const found = this.peek(presented);
    return found && !isBound(found.session)
      ? this.use(presented, found)
      : this.prove(presented, found ?? this.look(presented), prove);
  }

  /** Moves no deadline and needs no proof of the device key. For a bound pair, this does not count as its first use. */
  async inspect(accessToken: unknown): Promise<Access> {
    const presented = this.decode(accessToken);
    const found = this.peek(presented) ?? (await this.look(presented));
    const isToRecord = isFirstUse(found) && !isBound(found.session);
    return (isToRecord ? await this.record(presented, found) : found).access;
  }

  private async prove(
    presented: DecodedAccessToken,
    looking: Found | Promise<Found>,
    prove: (session: BoundSession) => Promise<void>,
  ): Promise<Access> {
    const found = await looking;
    if (!isBound(found.session)) return this.use(presented, found);
    await prove(found.session);
    // Meanwhile the session may have ended, or got another token, whose slide this one must not replace.
    return this.use(presented, this.peek(presented) ?? (await this.look(presented)));
  }

  /** A stolen token of a bound session must not keep it alive, so `prove` calls this after the proof of the key. */
  private use(presented: DecodedAccessToken, found: Found): Access | Promise<Access> {
    return isFirstUse(found)
      ? this.record(presented, found).then((recorded) => this.slide(recorded))
      : this.slide(found);
  }

  private slide({ session, standing, access }: Found): Access {
    return standing === 'valid'
      ? { ...access, idleExpiresAt: this.slides.slide(session, this.clock.now()) }
      : access;
  }

  private async record(presented: DecodedAccessToken, { session }: Found): Promise<Found> {
    await this.firstUses.record(session);
    return this.peek(presented) ?? this.look(presented);
  }

  private decode(accessToken: unknown): DecodedAccessToken {
    const presented = this.tokens.decodeAccess(accessToken);
    if (!presented) throw sessionError('session.token_invalid');
    return presented;
  }

  /** The cache compares the digest of the whole token, so the tag need not be checked. */
  private peek(presented: PresentedAccessToken): Found | null {
    this.throwKnownRefusal(presented);
    const now = this.clock.now();
    return this.findIn(this.cache.peek(presented.sessionId, now), presented, now);
  }

  /**
   * Only a new statement may refuse: another replica may have moved the deadline or rotated the token since the row was
   * cached, or since an earlier statement began. Tokens not issued here are refused before any statement.
   */
  private async look(presented: DecodedAccessToken): Promise<Found> {
    if (!presented.isGenuine()) throw sessionError('session.token_invalid');
    const { sessionId, digest } = presented;
    const isOlder = this.cache.isLoading(sessionId);
    let cached = await this.cache.load(sessionId);
    let found = this.findIn(cached, presented, this.clock.now());
    if (!found && isOlder) {
      this.throwKnownRefusal(presented);
      cached = await this.cache.loadAnew(sessionId);
      found = this.findIn(cached, presented, this.clock.now());
    }
    if (found) return found;
    const { session } = cached ?? {};
    const standing = session
      ? standingOf(session, this.slides.idleDeadlineOf(session), presented, this.clock.now())
      : 'session.token_invalid';
    const code = standing === 'idle' ? 'session.expired' : standing;
    if (code === 'valid' || code === 'prior')
      throw sessionError(session ? refusalAtDoor(session) : 'session.ended');
    this.refusals.add(digest, code, standing === 'idle' || standing === 'session.method_off');
    throw sessionError(code);
  }

  private throwKnownRefusal({ digest }: PresentedAccessToken): void {
    const refusal = this.refusals.find(digest);
    if (refusal !== undefined) throw sessionError(refusal);
  }

  private findIn(
    cached: CachedSession | null | undefined,
    presented: PresentedAccessToken,
    now: Date,
  ): Found | null {
    if (!cached?.principal) return null;
    const { session, principal } = cached;
    const { deviceKeyThumbprint, accessExpiresAt, priorAccessExpiresAt } = session;
    const idleDeadline = this.slides.idleDeadlineOf(session);
    const standing = standingOf(session, idleDeadline, presented, now);
    if (standing !== 'valid' && standing !== 'prior') return null;
    const expiresAt = standing === 'prior' && priorAccessExpiresAt ? priorAccessExpiresAt : accessExpiresAt;
    const idleExpiresAt = standing === 'valid' ? idleDeadline : expiresAt;
    return { session, standing, access: { principal, deviceKeyThumbprint, expiresAt, idleExpiresAt } };
  }
}

function standingOf(
  session: AccessSession,
  idleDeadline: Date,
  { digest }: PresentedAccessToken,
  now: Date,
): Standing {
  const { accessDigest, priorAccessDigest, priorAccessExpiresAt } = session;
  const isCurrent = equalsConstantTime(digest, accessDigest);
  const isPrior = priorAccessDigest !== null && equalsConstantTime(digest, priorAccessDigest);
  if (!isCurrent && !isPrior) return 'session.token_invalid';
  if (endOf(session, now)) return refusalOf(session);
  if (isPrior) return priorAccessExpiresAt && priorAccessExpiresAt > now ? 'prior' : 'session.expired';
  if (session.accessExpiresAt.getTime() <= now.getTime()) return 'session.expired';
  return idleDeadline.getTime() > now.getTime() ? 'valid' : 'idle';
}

/** Until its first use, a pair can be issued again to the holder of the previous refresh token. */
function isFirstUse({ standing, session }: Found): boolean {
  return standing === 'valid' && session.awaitsFirstUse;
}

function isBound(session: AccessSession): session is BoundSession {
  return session.deviceKeyThumbprint !== null;
}
