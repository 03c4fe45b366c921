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
  /** `null` for a bearer token. */
  readonly deviceKeyThumbprint: string | null;
  /** When the token ends unless it is used before. */
  readonly expiresAt: Date;
}

/** Inspects tokens: no deadline moves, nothing rotates, no reuse is recorded. A first use may be recorded. */
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

  /** `null` means that the token opens nothing. Invalid text and a cached session's access token cost no statement. */
  async inspect(token: string): Promise<InspectedToken | null> {
    const presented = this.tokens.readRefresh(token);
    return presented ? this.inspectRefresh(presented) : this.inspectAccess(token);
  }

  /** Also finds the session of a used refresh token or the prior access token, unless a re-entry replaced it. */
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

  /** Finds the session of another API's token, whose use counts for its pair (`pairOf`); `null` if the pair is over. */
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
