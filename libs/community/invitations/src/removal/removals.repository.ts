import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { insertJsonRows, jsonRows, restoreJsonRows, rows, type JsonRow } from '@countersign/database';
import type { GivenRole } from '@countersign/teams';
import type { MergeRecord } from '@countersign/users';

/** A team, and the newest invitation that a removal refuses. */
export interface Removal {
  readonly teamId: string;
  readonly applicationId: string;
  readonly upToId: string;
  readonly at: Date;
}

/** A membership, with the invitation by which it began. */
export interface JoinedMembership {
  readonly teamId: string;
  readonly applicationId: string;
  readonly role: GivenRole;
  readonly invitationId: string;
  readonly at: Date;
}

/** Without an invitation there is nothing to refuse. The team is locked, so that none is made meanwhile. */
const ADD = `
  INSERT INTO team_removals (team_id, user_id, last_invitation_id, at)
  SELECT team_id, $2, id, $3::timestamptz FROM team_invitations WHERE team_id = $1 ORDER BY id DESC LIMIT 1
  ON CONFLICT (team_id, user_id) DO UPDATE SET last_invitation_id = excluded.last_invitation_id, at = excluded.at`;

const OF_USER = `
  SELECT r.team_id AS "teamId", t.application_id AS "applicationId", r.last_invitation_id AS "upToId", r.at
  FROM team_removals r JOIN teams t ON t.id = r.team_id WHERE r.user_id = $1 ORDER BY r.team_id`;

const MERGE = `
  INSERT INTO team_removals (team_id, user_id, last_invitation_id, at)
  SELECT team_id, $2, last_invitation_id, at FROM team_removals WHERE user_id = $1
  ON CONFLICT (team_id, user_id) DO UPDATE
    SET last_invitation_id = GREATEST(team_removals.last_invitation_id, excluded.last_invitation_id),
      at = GREATEST(team_removals.at, excluded.at)`;

/** Those that are not as the merge left them. */
const COPY_SINCE = `
  INSERT INTO team_removals (team_id, user_id, last_invitation_id, at)
  SELECT team_id, $2, last_invitation_id, at FROM team_removals AS stored
  WHERE user_id = $1 AND NOT EXISTS (
    SELECT FROM jsonb_array_elements($3::jsonb) AS merged WHERE to_jsonb(stored) @> merged.value
  )`;

const TEAM_EXISTS = 'EXISTS (SELECT FROM teams t WHERE t.id = stored.team_id)';

const DELETE_OF = 'DELETE FROM team_removals WHERE user_id = $1';

const JOINED = `
  SELECT DISTINCT ON (m.team_id) m.team_id AS "teamId", m.application_id AS "applicationId", m.role,
    i.id AS "invitationId", u.at
  FROM team_members m
  JOIN team_invitations i ON i.team_id = m.team_id
  JOIN invitation_uses u ON u.invitation_id = i.id AND u.user_id = m.user_id
  WHERE m.user_id = $1 AND m.role <> 'owner'
  ORDER BY m.team_id, u.at DESC, i.id DESC`;

const DELETE_BEFORE = `
  DELETE FROM team_removals WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM team_removals WHERE at < $1::timestamptz ORDER BY at LIMIT $2
  )) RETURNING true`;

/** Who was removed from teams. */
@Injectable()
export class RemovalsRepository {
  /** The caller has locked the team. */
  async add(tx: EntityManager, teamId: string, userId: string, at: Date): Promise<void> {
    await tx.query(ADD, [teamId, userId, at]);
  }

  async listOf(manager: EntityManager, userId: string): Promise<readonly Removal[]> {
    return rows(manager, OF_USER, [userId]);
  }

  /** The later removal of both stays. */
  async merge(tx: EntityManager, loserId: string, survivorId: string): Promise<void> {
    await tx.query(MERGE, [loserId, survivorId]);
    await tx.query(DELETE_OF, [loserId]);
  }

  async recall(manager: EntityManager, userId: string): Promise<readonly JsonRow[]> {
    return jsonRows(manager, 'team_removals', 'user_id = $1', userId);
  }

  /** Both accounts have what they had, and what was added since: their identities were together then. */
  async giveBack(
    tx: EntityManager,
    { survivorId, returningId }: { readonly survivorId: string; readonly returningId: string },
    { loser, survivor, merged }: MergeRecord<readonly JsonRow[]>,
  ): Promise<void> {
    await tx.query(COPY_SINCE, [survivorId, returningId, JSON.stringify(merged)]);
    await restoreJsonRows(
      tx,
      { table: 'team_removals', column: 'user_id', value: survivorId, isStill: TEAM_EXISTS },
      { before: survivor, after: merged },
    );
    await insertJsonRows(tx, 'team_removals', loser, TEAM_EXISTS);
  }

  /** Memberships that began by an invitation that is still stored. */
  async joinedBy(tx: EntityManager, userId: string): Promise<readonly JoinedMembership[]> {
    return rows(tx, JOINED, [userId]);
  }

  /** @returns how many were deleted */
  async deleteBefore(tx: EntityManager, at: Date, limit: number): Promise<number> {
    return (await rows(tx, DELETE_BEFORE, [at, limit])).length;
  }
}
