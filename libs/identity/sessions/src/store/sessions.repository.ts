import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DailyCounters } from '@countersign/audit';
import { afterCommit, firstRow, locked, rows } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { isFirstUseOfDay, type AccessSession, type LockedSession, type Session } from '../session';
import { NEW_SESSION, ROTATION, SLIDE, type NewSession, type Rotation, type Slide } from './session.columns';
import { SessionEndings } from './session-endings.repository';
import * as sql from './sessions.sql';

@Injectable()
export class SessionsRepository {
  constructor(
    private readonly endings: SessionEndings,
    private readonly counters: DailyCounters,
  ) {}

  /**
   * Inserts sessions of different users, and ends the sessions of each user above `limit`.
   * @returns the ids of the inserted sessions; the bots of the others no longer count
   */
  async insertWithinLimit(
    tx: EntityManager,
    sessions: readonly NewSession[],
    { limit, now }: { readonly limit: number; readonly now: Date },
  ): Promise<ReadonlySet<string>> {
    const written = await rows<{ id: string; userId: string; opened: boolean }>(
      tx,
      sql.INSERT_AND_EVICT(tx),
      [limit, now, ...NEW_SESSION.arraysOf(sessions)],
    );
    const evicted = written.filter(({ opened }) => !opened);
    const applications = new Map(sessions.map(({ userId, applicationId }) => [userId, applicationId]));
    await this.endings.announceEnded(
      tx,
      evicted.map(({ id, userId }) => ({ id, userId, applicationId: applications.get(userId) ?? '' })),
      'evicted',
      'system',
    );
    this.countActive(
      tx,
      written.flatMap(({ userId, opened }) => (opened ? [applications.get(userId) ?? ''] : [])),
    );
    return new Set(written.filter(({ opened }) => opened).map(({ id }) => id));
  }

  async findById(manager: EntityManager, id: string): Promise<Session | null> {
    return (await this.findByIds(manager, [id]))[0] ?? null;
  }

  async findByIds(manager: EntityManager, ids: readonly string[]): Promise<readonly Session[]> {
    return rows<Session>(manager, sql.FIND_BY_IDS, [ids]);
  }

  async findForAccess(manager: EntityManager, id: string): Promise<AccessSession | null> {
    return firstRow<AccessSession>(manager, sql.FIND_FOR_ACCESS, [id]);
  }

  /** @returns the ids of the locked sessions that were skipped */
  async slide(tx: EntityManager, slides: readonly Slide[]): Promise<readonly string[]> {
    const found = await rows<{ id: string; applicationId: string | null }>(
      tx,
      sql.WRITE_SLIDES(tx),
      SLIDE.arraysOf(slides),
    );
    this.countActive(
      tx,
      found.flatMap(({ applicationId }) => applicationId ?? []),
    );
    return found.flatMap(({ id, applicationId }) => (applicationId === null ? [id] : []));
  }

  /** Counts the sessions whose state before this use shows no use today. */
  noteActive(tx: EntityManager, sessions: readonly Session[], now: Date): void {
    const first = sessions.filter((session) => isFirstUseOfDay(session, now));
    this.countActive(
      tx,
      first.map(({ applicationId }) => applicationId),
    );
  }

  private countActive(tx: EntityManager, applicationIds: readonly string[]): void {
    if (applicationIds.length === 0) return;
    afterCommit(tx, () => {
      for (const applicationId of applicationIds) this.counters.add('session.active', applicationId);
    });
  }

  /** @param applicationId null for all applications */
  async listLive(
    manager: EntityManager,
    userId: string,
    applicationId: string | null,
    { limit, afterId }: Keyset,
    now: Date,
  ): Promise<readonly Session[]> {
    return rows<Session>(manager, sql.LIST_LIVE, [userId, now, applicationId, afterId, limit + 1]);
  }

  async hasPlatformSession(
    tx: EntityManager,
    { userId, identityId }: { readonly userId: string; readonly identityId: string },
  ): Promise<boolean> {
    const found = await firstRow(
      tx,
      `SELECT true FROM sessions WHERE user_id = $1 AND identity_id = $2 AND assurance = 'platform' LIMIT 1`,
      [userId, identityId],
    );
    return found !== null;
  }

  async noteOpenidClient(
    tx: EntityManager,
    sessionId: string,
    client: Session['openidClients'],
  ): Promise<void> {
    await tx.query(
      `UPDATE sessions SET openid_clients = coalesce(openid_clients, '{}') || $2::jsonb
       WHERE id = $1 AND NOT coalesce(openid_clients, '{}') @> $2::jsonb`,
      [sessionId, client],
    );
  }

  async endWeakStepUps(tx: EntityManager, userId: string): Promise<void> {
    await tx.query(
      `UPDATE sessions SET step_up_expires_at = NULL
       WHERE user_id = $1 AND step_up_expires_at IS NOT NULL AND step_up_assurance IS DISTINCT FROM 'platform'`,
      [userId],
    );
  }

  /** Deletes up to `limit` rows that ended, or were due to end, before `before`. @returns how many */
  async deleteOver(manager: EntityManager, before: Date, limit: number): Promise<number> {
    const deleted = await rows(
      manager,
      `DELETE FROM sessions WHERE id IN (
         (SELECT id FROM sessions WHERE ended_at < $1 LIMIT $2)
         UNION
         (SELECT id FROM sessions WHERE expires_at < $1 LIMIT $2)
         LIMIT $2
       ) RETURNING 1`,
      [before, limit],
    );
    return deleted.length;
  }

  async lock(tx: EntityManager, ids: readonly string[]): Promise<ReadonlyMap<string, LockedSession>> {
    const found = await rows<Session>(tx, sql.LOCK(tx), [ids]);
    return new Map(found.map((session) => [session.id, locked(session)]));
  }

  async rotate(
    tx: EntityManager,
    steps: readonly { readonly session: LockedSession; readonly rotation: Rotation }[],
  ): Promise<void> {
    const rotations = steps.map(({ session: { id }, rotation }) => ({ ...rotation, id }));
    if (rotations.length > 0) await tx.query(sql.ROTATE, ROTATION.arraysOf(rotations));
  }
}
