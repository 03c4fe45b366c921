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

/** Everything of teams that names a person. */
export interface TeamState {
  readonly members: readonly RecalledMember[];
  readonly created: readonly string[];
  readonly invited: readonly { readonly team_id: string; readonly user_id: string }[];
  readonly actorOf: readonly string[];
  readonly subjectOf: readonly string[];
}

const GIVE_MEMBERSHIP = `
  UPDATE team_members SET user_id = $3, invited_by = (SELECT id FROM users WHERE id = $4::uuid)
  WHERE team_id = $1 AND user_id = $2`;
const RESTORE_INVITER = `
  UPDATE team_members member SET invited_by = $2 FROM jsonb_populate_recordset(NULL::team_members, $3::jsonb) AS former
  WHERE member.team_id = former.team_id AND member.user_id = former.user_id AND former.invited_by = $2
    AND member.user_id = $1 AND member.invited_by IS NULL`;
const RESTORE_INVITED = `
  UPDATE team_members member SET invited_by = $2
  FROM jsonb_to_recordset($3::jsonb) AS invited (team_id uuid, user_id uuid)
  WHERE member.team_id = invited.team_id AND member.user_id = invited.user_id AND member.invited_by = $1
    AND member.user_id <> $2`;

/** Rows of teams that return out of a merge. The caller holds the locks of the users and the teams. */
@Injectable()
export class TeamsJournalRepository {
  async recall(manager: EntityManager, userId: string): Promise<TeamState> {
    const idsOf = async (table: string, column: string): Promise<readonly string[]> => {
      const found = await rows<{ id: string }>(
        manager,
        `SELECT id FROM ${table} WHERE ${column} = $1 ORDER BY id`,
        [userId],
      );
      return found.map(({ id }) => id);
    };
    return {
      members: (await jsonRows(manager, 'team_members', 'user_id = $1', userId)) as readonly RecalledMember[],
      created: await idsOf('teams', 'created_by'),
      invited: await rows(
        manager,
        'SELECT team_id, user_id FROM team_members WHERE invited_by = $1 ORDER BY team_id, user_id',
        [userId],
      ),
      actorOf: await idsOf('team_history', 'actor_id'),
      subjectOf: await idsOf('team_history', 'subject_id'),
    };
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

  /** Where else the account was named. */
  async rename(
    tx: EntityManager,
    survivorId: string,
    returningId: string,
    { loser, survivor }: { readonly loser: TeamState; readonly survivor: TeamState },
  ): Promise<void> {
    const ids = [survivorId, returningId] as const;
    await tx.query('UPDATE teams SET created_by = $2 WHERE created_by = $1 AND id = ANY($3::uuid[])', [
      ...ids,
      loser.created,
    ]);
    await tx.query(RESTORE_INVITED, [...ids, JSON.stringify(loser.invited)]);
    await tx.query(RESTORE_INVITER, [...ids, JSON.stringify(survivor.members)]);
    for (const [column, entries] of [
      ['actor_id', loser.actorOf],
      ['subject_id', loser.subjectOf],
    ] as const)
      await tx.query(`UPDATE team_history SET ${column} = $2 WHERE ${column} = $1 AND id = ANY($3::uuid[])`, [
        ...ids,
        entries,
      ]);
  }
}
