import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { insertJsonRows, jsonRows, rows, type JsonRow } from '@countersign/database';
import type { TeamRole } from '../team-roles';

/** A membership, as it was recorded. */
export interface RecalledMember extends JsonRow {
  readonly team_id: string;
  readonly user_id: string;
  readonly role: TeamRole;
  readonly joined_at: string;
  readonly invited_by: string | null;
}

const GIVE_MEMBERSHIP = `
  UPDATE team_members SET user_id = $3, invited_by = (SELECT id FROM users WHERE id = $4::uuid)
  WHERE team_id = $1 AND user_id = $2`;
/** Rows of teams that return out of a merge. The caller holds the locks of the users and the teams. */
@Injectable()
export class MergedMembersRepository {
  async of(manager: EntityManager, userId: string): Promise<readonly RecalledMember[]> {
    return (await jsonRows(manager, 'team_members', 'user_id = $1', userId)) as readonly RecalledMember[];
  }

  /** The inviter is left out where the account is gone. */
  async give(tx: EntityManager, member: RecalledMember, fromId: string): Promise<void> {
    await tx.query(GIVE_MEMBERSHIP, [member.team_id, fromId, member.user_id, member.invited_by]);
  }

  async insert(tx: EntityManager, member: RecalledMember): Promise<void> {
    const inviter = await rows(tx, 'SELECT FROM users WHERE id = $1::uuid', [member.invited_by]);
    const invitedBy = inviter.length === 0 ? null : member.invited_by;
    await insertJsonRows(tx, 'team_members', [{ ...member, invited_by: invitedBy }]);
  }

  async setJoinedAt(
    tx: EntityManager,
    { team_id: teamId, user_id: userId, joined_at: joinedAt }: RecalledMember,
    mergedJoinedAt: string,
  ): Promise<void> {
    await tx.query(
      `UPDATE team_members SET joined_at = $3::timestamptz
       WHERE team_id = $1 AND user_id = $2 AND joined_at = $4::timestamptz`,
      [teamId, userId, joinedAt, mergedJoinedAt],
    );
  }
}
