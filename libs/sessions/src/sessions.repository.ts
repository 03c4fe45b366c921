import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { EndReason, Session, StoredRotation } from './session';
import type { SessionDeadlines } from './deadlines';

/** The channel that carries the ids of sessions whose tokens were revoked, comma separated. */
export const REVOKED_CHANNEL = 'countersign_sessions_revoked';

/** A payload of NOTIFY is limited to 8000 bytes: 200 ids of 36 characters and their commas fit. */
const IDS_PER_NOTIFICATION = 200;

const COLUMNS = `
  id, application_id AS "applicationId", user_id AS "userId", identity_id AS "identityId", assurance, scopes,
  device_name AS "deviceName", created_at AS "createdAt", idle_expires_at AS "idleExpiresAt", expires_at AS "expiresAt",
  access_digest AS "accessDigest", access_idle_expires_at AS "accessIdleExpiresAt",
  access_expires_at AS "accessExpiresAt", prior_access_digest AS "priorAccessDigest",
  prior_access_expires_at AS "priorAccessExpiresAt", family_digest AS "familyDigest",
  refresh_digest AS "refreshDigest", rotations, access_idle_in AS "accessIdleIn",
  access_absolute_in AS "accessAbsoluteIn", refresh_idle_in AS "refreshIdleIn", ended_at AS "endedAt",
  end_reason AS "endReason"`;

const LIVE = 'ended_at IS NULL AND idle_expires_at > $2 AND expires_at > $2';

/** The user's row is locked by the caller, so that parallel sign-ins cannot overshoot the limit. */
const INSERT_AND_EVICT = `
  WITH surplus AS (
    SELECT id FROM sessions
    WHERE user_id = $1 AND ${LIVE} AND application_id = $3
    ORDER BY created_at DESC, id DESC OFFSET $4 - 1
  ), evicted AS (
    UPDATE sessions SET ended_at = $2, end_reason = 'evicted'
    WHERE id IN (SELECT id FROM surplus) AND ended_at IS NULL RETURNING id
  ), opened AS (
    INSERT INTO sessions (
      id, application_id, user_id, identity_id, assurance, scopes, device_name, created_at, idle_expires_at, expires_at,
      access_digest, access_idle_expires_at, access_expires_at, family_digest, refresh_digest, rotations,
      access_idle_in, access_absolute_in, refresh_idle_in)
    VALUES ($5, $3, $1, $6, $7, $8, $9, $2, $10, $11, $12, $13, $14, $15, $16, '[]', $17, $18, $19)
  )
  SELECT id FROM evicted`;

const ROTATE = `
  UPDATE sessions SET
    idle_expires_at = $2, access_digest = $3, access_idle_expires_at = $4, access_expires_at = $5,
    prior_access_digest = $6, prior_access_expires_at = $7, family_digest = $8, refresh_digest = $9, rotations = $10
  WHERE id = $1 AND ended_at IS NULL`;

/**
 * Moves idle deadlines forward and never back. A session that ended, that had idled out before the recorded use,
 * or whose access token is another one by now, stays as it is. Rows are locked in id order, so that batches of several
 * replicas cannot deadlock.
 */
const SLIDE = `
  WITH due AS (
    SELECT s.id, slide.deadline
    FROM unnest($1::uuid[], $2::bytea[], $3::timestamptz[], $4::timestamptz[]) AS slide (id, digest, used_at, deadline)
    JOIN sessions s ON s.id = slide.id
    WHERE s.ended_at IS NULL AND s.access_digest = slide.digest
      AND s.access_idle_expires_at > slide.used_at AND s.idle_expires_at > slide.used_at
    ORDER BY s.id
    FOR NO KEY UPDATE OF s
  )
  UPDATE sessions s
  SET access_idle_expires_at = GREATEST(s.access_idle_expires_at, LEAST(due.deadline, s.access_expires_at))
  FROM due WHERE s.id = due.id AND s.ended_at IS NULL`;

/** Everything about a session that is decided at sign-in. */
export type NewSession = Omit<
  Session,
  'priorAccessDigest' | 'priorAccessExpiresAt' | 'rotations' | 'endedAt' | 'endReason'
>;

export interface Rotation extends Omit<SessionDeadlines, 'expiresAt'> {
  readonly accessDigest: Buffer;
  readonly refreshDigest: Buffer;
  readonly familyDigest: Buffer;
  readonly priorAccessDigest: Buffer | null;
  readonly priorAccessExpiresAt: Date | null;
  readonly rotations: readonly StoredRotation[];
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
  /** Inserts a session and ends the oldest ones above `limit`. @returns the ids of those. */
  async insertWithinLimit(tx: EntityManager, session: NewSession, limit: number): Promise<readonly string[]> {
    const evicted = await rows<{ id: string }>(tx, INSERT_AND_EVICT, [
      session.userId,
      session.createdAt,
      session.applicationId,
      limit,
      session.id,
      session.identityId,
      session.assurance,
      session.scopes,
      session.deviceName,
      session.idleExpiresAt,
      session.expiresAt,
      session.accessDigest,
      session.accessIdleExpiresAt,
      session.accessExpiresAt,
      session.familyDigest,
      session.refreshDigest,
      session.accessIdleIn,
      session.accessAbsoluteIn,
      session.refreshIdleIn,
    ]);
    await this.announceRevoked(
      tx,
      evicted.map(({ id }) => id),
    );
    return evicted.map(({ id }) => id);
  }

  async findById(manager: EntityManager, id: string): Promise<Session | null> {
    return firstRow<Session>(manager, `SELECT ${COLUMNS} FROM sessions WHERE id = $1`, [id]);
  }

  async lockById(tx: EntityManager, id: string): Promise<Session | null> {
    return firstRow<Session>(tx, `SELECT ${COLUMNS} FROM sessions WHERE id = $1 FOR NO KEY UPDATE`, [id]);
  }

  async rotate(tx: EntityManager, id: string, rotation: Rotation): Promise<void> {
    await tx.query(ROTATE, [
      id,
      rotation.idleExpiresAt,
      rotation.accessDigest,
      rotation.accessIdleExpiresAt,
      rotation.accessExpiresAt,
      rotation.priorAccessDigest,
      rotation.priorAccessExpiresAt,
      rotation.familyDigest,
      rotation.refreshDigest,
      JSON.stringify(rotation.rotations),
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
      `SELECT ${COLUMNS} FROM sessions
       WHERE user_id = $1 AND ${LIVE} AND ($3::uuid IS NULL OR application_id = $3) AND ($4::uuid IS NULL OR id < $4)
       ORDER BY id DESC LIMIT $5`,
      [userId, now, applicationId, afterId, limit + 1],
    );
  }

  /** Ends those of the sessions that have not ended, tells every replica, and answers their ids. */
  async end(
    tx: EntityManager,
    ids: readonly string[],
    reason: EndReason,
    now: Date,
  ): Promise<readonly string[]> {
    return this.endWhere(tx, 'id = ANY($3::uuid[])', [ids], reason, now);
  }

  /** Ends a person's sessions, except one; of one application, or of all when `applicationId` is null. */
  async endOfUser(
    tx: EntityManager,
    scope: {
      readonly userId: string;
      readonly applicationId: string | null;
      readonly exceptId: string | null;
    },
    reason: EndReason,
    now: Date,
  ): Promise<readonly string[]> {
    return this.endWhere(
      tx,
      'user_id = $3 AND ($4::uuid IS NULL OR application_id = $4) AND id IS DISTINCT FROM $5::uuid',
      [scope.userId, scope.applicationId, scope.exceptId],
      reason,
      now,
    );
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

  private async endWhere(
    tx: EntityManager,
    condition: string,
    parameters: readonly unknown[],
    reason: EndReason,
    now: Date,
  ): Promise<readonly string[]> {
    const ended = await rows<{ id: string }>(
      tx,
      `WITH open AS (
         SELECT id FROM sessions WHERE ${condition} AND ended_at IS NULL ORDER BY id FOR NO KEY UPDATE
       )
       UPDATE sessions SET ended_at = $1, end_reason = $2 WHERE id IN (SELECT id FROM open) AND ended_at IS NULL
       RETURNING id`,
      [now, reason, ...parameters],
    );
    const ids = ended.map(({ id }) => id);
    await this.announceRevoked(tx, ids);
    return ids;
  }

  /** Tells every replica to forget what it has in memory; delivered when the transaction commits, and only then. */
  async announceRevoked(tx: EntityManager, ids: readonly string[]): Promise<void> {
    for (let start = 0; start < ids.length; start += IDS_PER_NOTIFICATION) {
      const payload = ids.slice(start, start + IDS_PER_NOTIFICATION).join(',');
      await tx.query('SELECT pg_notify($1, $2)', [REVOKED_CHANNEL, payload]);
    }
  }
}
