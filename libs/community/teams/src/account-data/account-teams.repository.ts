import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { insertJsonRows, jsonRows, rows, type JsonRow } from '@countersign/database';
import type { LockedUser } from '@countersign/users';
import type { TeamRole } from '../team-roles';

export interface RecalledMember extends JsonRow {
  readonly team_id: string;
  readonly user_id: string;
  readonly role: TeamRole;
  readonly joined_at: string;
  readonly invited_by: string | null;
}

const TEAMS_NAMING = `
  SELECT team_id AS id FROM team_members WHERE user_id = ANY($1::uuid[])
  UNION SELECT id FROM teams WHERE created_by = ANY($1::uuid[])
  UNION SELECT team_id FROM team_members WHERE invited_by = ANY($1::uuid[])`;

/** An admin who cannot act comes after all who can. */
const SUCCESSOR = `
  SELECT members.user_id AS "userId" FROM team_members members JOIN users ON users.id = members.user_id
  WHERE members.team_id = $1 AND members.role = 'admin'
  ORDER BY users.status = 'active' AND NOT users.is_closed DESC, members.joined_at, members.user_id LIMIT 1`;

const GIVE_MEMBERSHIP = `
  UPDATE team_members SET user_id = $3, invited_by = (SELECT id FROM users WHERE id = $4::uuid)
  WHERE team_id = $1 AND user_id = $2`;

/** Reads and writes the rows of teams that name a person. */
@Injectable()
export class AccountTeamsRepository {
  /** Finds the teams with one of these people as a member, creator or inviter. */
  async teamIdsNaming(tx: EntityManager, users: readonly LockedUser[]): Promise<readonly string[]> {
    const userIds = users.map(({ userId }) => userId);
    return (await rows<{ id: string }>(tx, TEAMS_NAMING, [userIds])).map(({ id }) => id);
  }

  /** Finds the longest-serving admin, preferably with an active account that stays. */
  async findSuccessor(tx: EntityManager, teamId: string): Promise<string | null> {
    const [admin] = await rows<{ userId: string }>(tx, SUCCESSOR, [teamId]);
    return admin?.userId ?? null;
  }

  async recalledOf(manager: EntityManager, userId: string): Promise<readonly RecalledMember[]> {
    return (await jsonRows(manager, 'team_members', 'user_id = $1', userId)) as readonly RecalledMember[];
  }

  /** Leaves the inviter out if the account no longer exists. */
  async give(tx: EntityManager, member: RecalledMember, fromId: string): Promise<void> {
    await tx.query(GIVE_MEMBERSHIP, [member.team_id, fromId, member.user_id, member.invited_by]);
  }

  async insert(tx: EntityManager, member: RecalledMember): Promise<void> {
    const inviter = await rows(tx, 'SELECT FROM users WHERE id = $1::uuid', [member.invited_by]);
    const invitedBy = inviter.length === 0 ? null : member.invited_by;
    await insertJsonRows(tx, 'team_members', [{ ...member, invited_by: invitedBy }]);
  }
}
