import type { EntityManager } from 'typeorm';
import { firstRow } from '@countersign/database';
import type { JoinEntity } from './join.entity';

/** A join with the account that asks, whose session lives. */
export type AskedJoin = Pick<
  JoinEntity,
  'id' | 'askingSessionId' | 'number' | 'assurance' | 'bots' | 'failedAttempts' | 'askedAt' | 'expiresAt'
> & { readonly askingUserId: string; readonly applicationId: string };

const OPEN = `
  SELECT joins.id, joins.asking_session_id AS "askingSessionId", joins.number, joins.assurance, joins.bots,
    joins.failed_attempts AS "failedAttempts", joins.asked_at AS "askedAt", joins.expires_at AS "expiresAt",
    asking.user_id AS "askingUserId", asking.application_id AS "applicationId"
  FROM joins JOIN sessions asking ON asking.id = joins.asking_session_id
  WHERE joins.code_digest = $1 AND joins.ended_at IS NULL AND joins.expires_at > $2 AND asking.ended_at IS NULL`;

export async function findOpenJoin(
  manager: EntityManager,
  codeDigest: Buffer,
  now: Date,
  isLocked = false,
): Promise<AskedJoin | null> {
  return firstRow<AskedJoin>(manager, `${OPEN} ${isLocked ? 'FOR UPDATE OF joins' : ''}`, [codeDigest, now]);
}
