import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import type { Sealed } from '@countersign/crypto';
import type { Keyset } from '@countersign/http';
import type { AccessSession, Session, StoredRotation } from './session';
import type { SessionDeadlines } from './deadlines';
import { SessionEndings } from './session-endings';
import { ACCESS_COLUMNS, COLUMNS, insertAndEvict, LIVE, lockingRows, ROTATE, SLIDE } from './sessions.sql';

/** Everything about a session that is decided at sign-in. */
export type NewSession = Omit<
  Session,
  | 'createdAt'
  | 'stepUpExpiresAt'
  | 'reentryRefusedAt'
  | 'priorAccessDigest'
  | 'priorAccessExpiresAt'
  | 'rotations'
  | 'endedAt'
  | 'endReason'
>;

export interface Rotation extends Omit<SessionDeadlines, 'expiresAt'> {
  readonly sessionId: string;
  readonly accessDigest: Buffer;
  readonly refreshDigest: Buffer;
  readonly familyDigest: Buffer;
  readonly priorAccessDigest: Buffer | null;
  readonly priorAccessExpiresAt: Date | null;
  readonly rotations: readonly StoredRotation[];
  /** Whether the session is handed to whoever holds its proof, who has shown no fresh one. */
  readonly endsStepUp: boolean;
  readonly deviceKeyThumbprint: string | null;
}

/** A use of an access token that the row does not know yet. */
export interface Slide {
  readonly sessionId: string;
  readonly accessDigest: Buffer;
  readonly usedAt: Date;
  readonly deadline: Date;
}

@Injectable()
export class SessionsRepository {
  constructor(private readonly endings: SessionEndings) {}

  /**
   * Inserts sessions of different users and ends the oldest ones of each above `limit`.
   * @param waits whether to wait for a bot that somebody else has locked; otherwise it does not count
   * @returns the ids of those; `null` for a session that was not inserted, since the bot of its proof does not count any
   * more.
   */
  async insertWithinLimit(
    tx: EntityManager,
    sessions: readonly NewSession[],
    { limit, now, waits }: { readonly limit: number; readonly now: Date; readonly waits: boolean },
  ): Promise<readonly (readonly string[] | null)[]> {
    const written = await rows<{ id: string; userId: string; opened: boolean }>(tx, insertAndEvict(waits), [
      limit,
      now,
      sessions.map(({ id }) => id),
      sessions.map(({ applicationId }) => applicationId),
      sessions.map(({ userId }) => userId),
      sessions.map(({ identityId }) => identityId),
      sessions.map(({ botRowId }) => botRowId),
      sessions.map(({ assurance }) => assurance),
      sessions.map(({ scopes }) => JSON.stringify(scopes)),
      sessions.map(({ deviceName }) => deviceName),
      sessions.map(({ deviceKeyThumbprint }) => deviceKeyThumbprint),
      sessions.map(({ idleExpiresAt }) => idleExpiresAt),
      sessions.map(({ expiresAt }) => expiresAt),
      sessions.map(({ accessDigest }) => accessDigest),
      sessions.map(({ accessIdleExpiresAt }) => accessIdleExpiresAt),
      sessions.map(({ accessExpiresAt }) => accessExpiresAt),
      sessions.map(({ familyDigest }) => familyDigest),
      sessions.map(({ refreshDigest }) => refreshDigest),
      sessions.map(({ accessIdleIn }) => accessIdleIn),
      sessions.map(({ accessAbsoluteIn }) => accessAbsoluteIn),
      sessions.map(({ refreshIdleIn }) => refreshIdleIn),
    ]);
    const opened = new Set(written.flatMap(({ id, opened: isOpened }) => (isOpened ? [id] : [])));
    const evicted = written.filter(({ opened: isOpened }) => !isOpened);
    await this.endings.announceRevoked(
      tx,
      evicted.map(({ id }) => id),
    );
    return sessions.map(({ id, userId }) =>
      opened.has(id) ? evicted.filter((row) => row.userId === userId).map((row) => row.id) : null,
    );
  }

  async findById(manager: EntityManager, id: string): Promise<Session | null> {
    return firstRow<Session>(manager, `SELECT ${COLUMNS} FROM sessions WHERE id = $1`, [id]);
  }

  async findByIds(manager: EntityManager, ids: readonly string[]): Promise<readonly Session[]> {
    return rows<Session>(manager, `SELECT ${COLUMNS} FROM sessions WHERE id = ANY($1::uuid[])`, [ids]);
  }

  async findForAccess(manager: EntityManager, id: string): Promise<AccessSession | null> {
    return firstRow<AccessSession>(manager, `SELECT ${ACCESS_COLUMNS} FROM sessions WHERE id = $1`, [id]);
  }

  async lockById(tx: EntityManager, id: string): Promise<Session | null> {
    return firstRow<Session>(tx, `SELECT ${COLUMNS} FROM sessions WHERE id = $1 FOR NO KEY UPDATE`, [id]);
  }

  /** @param waits whether to wait for sessions that somebody else has locked; otherwise they are left out */
  async lock(tx: EntityManager, ids: readonly string[], waits: boolean): Promise<readonly Session[]> {
    return rows<Session>(
      tx,
      `SELECT ${COLUMNS} FROM sessions WHERE id = ANY($1::uuid[]) ORDER BY id ${lockingRows(waits)}`,
      [ids],
    );
  }

  async rotate(tx: EntityManager, rotations: readonly Rotation[]): Promise<void> {
    await tx.query(ROTATE, [
      rotations.map(({ sessionId }) => sessionId),
      rotations.map(({ idleExpiresAt }) => idleExpiresAt),
      rotations.map(({ accessDigest }) => accessDigest),
      rotations.map(({ accessIdleExpiresAt }) => accessIdleExpiresAt),
      rotations.map(({ accessExpiresAt }) => accessExpiresAt),
      rotations.map(({ priorAccessDigest }) => priorAccessDigest),
      rotations.map(({ priorAccessExpiresAt }) => priorAccessExpiresAt),
      rotations.map(({ familyDigest }) => familyDigest),
      rotations.map(({ refreshDigest }) => refreshDigest),
      rotations.map(({ rotations: stored }) => JSON.stringify(stored)),
      rotations.map(({ endsStepUp }) => endsStepUp),
      rotations.map(({ deviceKeyThumbprint }) => deviceKeyThumbprint),
    ]);
  }

  async slide(manager: EntityManager, slides: readonly Slide[]): Promise<void> {
    await manager.query(SLIDE, [
      slides.map(({ sessionId }) => sessionId),
      slides.map(({ accessDigest }) => accessDigest),
      slides.map(({ usedAt }) => usedAt),
      slides.map(({ deadline }) => deadline),
    ]);
  }

  /** Live sessions of a person, newest first; of one application, or of all when `applicationId` is null. */
  async listLive(
    manager: EntityManager,
    userId: string,
    applicationId: string | null,
    { limit, afterId }: Keyset,
    now: Date,
  ): Promise<readonly Session[]> {
    return rows<Session>(
      manager,
      `SELECT * FROM (
         SELECT ${COLUMNS} FROM sessions
         WHERE user_id = $1 AND ${LIVE} AND ($3::uuid IS NULL OR application_id = $3) AND ($4::uuid IS NULL OR id < $4)
         OFFSET 0
       ) AS own ORDER BY id DESC LIMIT $5`,
      [userId, now, applicationId, afterId, limit + 1],
    );
  }

  async setStepUp(tx: EntityManager, id: string, expiresAt: Date): Promise<void> {
    await tx.query('UPDATE sessions SET step_up_expires_at = $2 WHERE id = $1', [id, expiresAt]);
  }

  async setReentryRefused(tx: EntityManager, id: string, at: Date): Promise<void> {
    await tx.query('UPDATE sessions SET reentry_refused_at = $2 WHERE id = $1', [id, at]);
  }

  /** The sealed device names of a person's sessions. */
  async deviceNamesOf(
    tx: EntityManager,
    userId: string,
  ): Promise<readonly { readonly id: string; readonly deviceName: Sealed }[]> {
    return rows(
      tx,
      `SELECT id, device_name AS "deviceName" FROM sessions
       WHERE user_id = $1 AND device_name IS NOT NULL ORDER BY id FOR NO KEY UPDATE`,
      [userId],
    );
  }

  async setDeviceName(tx: EntityManager, id: string, deviceName: Sealed): Promise<void> {
    await tx.query('UPDATE sessions SET device_name = $2 WHERE id = $1', [id, deviceName]);
  }

  async moveToUser(tx: EntityManager, fromUserId: string, toUserId: string): Promise<void> {
    await tx.query('UPDATE sessions SET user_id = $2 WHERE user_id = $1', [fromUserId, toUserId]);
  }

  /** Locks them: none is deleted until the transaction ends. */
  async lockAndCountOfUser(tx: EntityManager, userId: string): Promise<number> {
    const found = await firstRow<{ count: number }>(
      tx,
      `SELECT count(*)::int AS count
       FROM (SELECT FROM sessions WHERE user_id = $1 ORDER BY id FOR NO KEY UPDATE) AS locked`,
      [userId],
    );
    return found?.count ?? 0;
  }

  /** Deletes up to `limit` rows that ended, or were due to end, before `before`. @returns how many. */
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
}
