import { Injectable } from '@nestjs/common';
import { Clock, earliest } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { AppError } from '@countersign/text';
import { FirstUses } from '../memory/slide-writer';
import { isAccessTokenOf, isCurrentPair, checkRefresh, servesPair } from '../rotation';
import { endOf, toPrincipal, type Principal, type Session } from '../session';
import { SessionAuthenticator } from './session-authenticator';
import { SessionTokens, type PresentedRefreshToken } from '../session-tokens';
import { SessionsRepository } from '../store/sessions.repository';

export interface InspectedToken {
  readonly kind: 'access' | 'refresh';
  readonly principal: Principal;
  /** Of the key that has to prove every use; `null` for a bearer token. */
  readonly deviceKeyThumbprint: string | null;
  /** When it ends unless it is used before. */
  readonly expiresAt: Date;
}

/**
 * Inspects tokens of sessions without using them: no deadline moves, nothing rotates, no reuse is recorded. Only that a pair was
 * used is, see `SessionAuthenticator.inspect`.
 */
@Injectable()
export class TokenInspector {
  constructor(
    private readonly authenticator: SessionAuthenticator,
    private readonly tokens: SessionTokens,
    private readonly firstUses: FirstUses,
    private readonly repository: SessionsRepository,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * What a token of either kind opens; `null` when it opens nothing, for any reason. A used refresh token
   * opens nothing. Junk costs no statement, and neither does the access token of a cached session.
   */
  async inspect(token: string): Promise<InspectedToken | null> {
    const presented = this.tokens.readRefresh(token);
    return presented ? this.inspectRefresh(presented) : this.inspectAccess(token);
  }

  /**
   * The session that a token was issued for, in any state of both: also for a used refresh token, and for the access token
   * before the current one. `null` for tokens that were never issued, and for those from before a re-entry.
   */
  async findSession(token: string): Promise<Session | null> {
    const [access, refresh] = [this.tokens.readAccess(token), this.tokens.readRefresh(token)];
    const presented = access ?? refresh;
    const session = presented && (await this.findById(presented.sessionId));
    if (!session) return null;
    const isOwn = access
      ? isAccessTokenOf(session, access)
      : refresh !== null && checkRefresh(session, refresh, this.clock.now()).kind !== 'foreign';
    return isOwn ? session : null;
  }

  /**
   * The session of a token of another API, whose use counts as one of the pair that it belongs to, see `pairOf`; `null` when the pair
   * serves no more.
   */
  async findForPair(sessionId: string, pair: string): Promise<Session | null> {
    let session = await this.findById(sessionId);
    if (session?.awaitsFirstUse && isCurrentPair(session, pair)) {
      await this.firstUses.record(session);
      session = await this.findById(sessionId);
    }
    return session && servesPair(session, pair, this.clock.now()) ? session : null;
  }

  private async inspectAccess(token: string): Promise<InspectedToken | null> {
    try {
      const { principal, deviceKeyThumbprint, ...ends } = await this.authenticator.inspect(token);
      const expiresAt = earliest(ends.idleExpiresAt, ends.expiresAt);
      return { kind: 'access', principal, deviceKeyThumbprint, expiresAt };
    } catch (error) {
      if (error instanceof AppError && error.kind === 'unauthenticated') return null;
      throw error;
    }
  }

  private async inspectRefresh(presented: PresentedRefreshToken): Promise<InspectedToken | null> {
    const session = await this.findById(presented.sessionId);
    const now = this.clock.now();
    const principal = session && toPrincipal(session);
    if (!principal || endOf(session, now) || checkRefresh(session, presented, now).kind !== 'current')
      return null;
    const { deviceKeyThumbprint, idleExpiresAt, expiresAt } = session;
    return { kind: 'refresh', principal, deviceKeyThumbprint, expiresAt: earliest(idleExpiresAt, expiresAt) };
  }

  private async findById(sessionId: string): Promise<Session | null> {
    return this.database.read((manager) => this.repository.findById(manager, sessionId));
  }
}
