import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import type { GivenRole } from '@countersign/teams';

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

/** Where both were removed, the survivor (`$2`) has the later one of both. */
const COMBINE = `
  UPDATE team_removals own SET
    last_invitation_id = GREATEST(own.last_invitation_id, lost.last_invitation_id), at = GREATEST(own.at, lost.at)
  FROM team_removals lost WHERE own.user_id = $2 AND lost.user_id = $1 AND own.team_id = lost.team_id`;

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

  /** The later removal of both counts. */
  async combine(tx: EntityManager, loserId: string, survivorId: string): Promise<void> {
    await tx.query(COMBINE, [loserId, survivorId]);
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
