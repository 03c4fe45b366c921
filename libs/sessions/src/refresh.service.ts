import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { dpopError } from './device-keys/device-key.errors';
import { judgeRefresh, withRotation } from './rotation';
import { endOf, refusalOf, type Session } from './session';
import { sessionError } from './session.errors';
import { SessionTokens, type PresentedRefreshToken } from './session-tokens';
import { SessionsService, type IssuedPair } from './sessions.service';

export interface RefreshedSession {
  readonly session: Session;
  readonly issued: IssuedPair;
}

/** Looks at a session before its refresh, throws to refuse, and answers the thumbprint of the key that was proven. */
export type SessionCheck = (session: Session) => Promise<string | null>;

/**
 * Throws when a session may not be refreshed now, whoever asks. Reads through `tx` alone: its connection is held while
 * it waits for another one, and so may be all of the pool.
 */
export type SessionAdmission = (tx: EntityManager, session: Session) => Promise<void>;

/** Rotates refresh tokens. */
@Injectable()
export class RefreshService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly tokens: SessionTokens,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Exchanges a refresh token for the next pair. A used token answers the same pair for ten seconds, and ends the
   * session after that.
   * @param check looks at the session before anything changes, outside the transaction, and throws to refuse;
   * null saves the statement that reads it.
   * @param admit judges the session once it is known that the token is one of its own
   * @throws AppError session.token_invalid, session.expired, session.ended, session.refresh_reused, dpop.proof_missing
   */
  async refresh(
    refreshToken: unknown,
    check: SessionCheck | null,
    admit: SessionAdmission,
  ): Promise<RefreshedSession> {
    const presented = this.tokens.readRefresh(refreshToken);
    if (!presented) throw sessionError('session.token_invalid');
    const provenKey = check ? await this.look(presented, check) : null;

    await this.audit.prepare();
    const refreshed = await this.database.transaction((tx) =>
      this.rotate(tx, presented, { provenKey, admit }),
    );
    this.sessions.forget([presented.sessionId]);
    // Thrown after the commit: the end of the session must stay.
    if (refreshed === 'reused') throw sessionError('session.refresh_reused');
    return refreshed;
  }

  private async look(presented: PresentedRefreshToken, check: SessionCheck): Promise<string | null> {
    const session = await this.database.read((manager) =>
      this.sessions.findById(manager, presented.sessionId),
    );
    if (!session || judgeRefresh(session, presented, this.clock.now()).kind === 'foreign')
      throw sessionError('session.token_invalid');
    return check(session);
  }

  private async rotate(
    tx: EntityManager,
    presented: PresentedRefreshToken,
    { provenKey, admit }: { readonly provenKey: string | null; readonly admit: SessionAdmission },
  ): Promise<RefreshedSession | 'reused'> {
    const session = await this.sessions.lockById(tx, presented.sessionId);
    if (!session) throw sessionError('session.token_invalid');
    const now = this.clock.now();
    if (endOf(session, now)) throw sessionError(refusalOf(session));

    const verdict = judgeRefresh(session, presented, now);
    // Before anything that a used token does: without the key it is worth nothing, not even the end of the session.
    if (verdict.kind !== 'foreign' && session.deviceKeyThumbprint !== provenKey)
      throw dpopError('dpop.proof_missing');
    // A stolen token ends the session, however often it is tried.
    if (verdict.kind === 'repeated' || verdict.kind === 'current') await admit(tx, session);
    switch (verdict.kind) {
      case 'foreign':
        throw sessionError('session.token_invalid');
      case 'repeated':
        return { session, issued: this.sessions.toIssued(session, verdict.pair) };
      case 'reused':
        await this.endForReuse(tx, session);
        return 'reused';
      case 'current': {
        const pair = this.tokens.mint(session.id, presented.family);
        const rotations = withRotation(session, presented, pair, now);
        return { session, issued: await this.sessions.advance(tx, session, pair, rotations) };
      }
    }
  }

  private async endForReuse(tx: EntityManager, { id, applicationId }: Session): Promise<void> {
    await this.sessions.end(tx, [id], 'refresh-reuse');
    await this.audit.record(tx, 'session.ended', {
      actor: 'system',
      applicationId,
      subject: id,
      details: { reason: 'refresh-reuse' },
    });
  }
}
