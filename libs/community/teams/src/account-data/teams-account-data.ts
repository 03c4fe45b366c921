import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { earliest } from '@countersign/clock';
import {
  HasAccountData,
  type AccountData,
  type ExportedRows,
  type Merged,
  type MergePair,
  type OwnedRows,
  type Returned,
  type ReturnPair,
} from '@countersign/users';
import { AccountTeamsRepository } from './account-teams.repository';
import { TeamErasure } from './team-erasure';
import { TeamSeparation, type MergedMembers } from './team-separation';
import { TeamMemberEntity } from '../store/team-member.entity';
import { TeamMembersRepository } from '../store/team-members.repository';
import { TeamRecords } from '../team-records';
import { higherOf } from '../team-roles';
import type { TeamEntity } from '../store/team.entity';
import { TeamsRepository } from '../store/teams.repository';

/** Teams as data of an account. */
@Injectable()
@HasAccountData('others')
export class TeamsAccountData implements AccountData {
  readonly name = 'teams';
  /** Where else a person is named; members are merged by their roles. */
  readonly owned: readonly OwnedRows[] = [
    { table: 'teams', column: 'created_by', key: ['id'] },
    { table: 'team_members', column: 'invited_by', key: ['team_id', 'user_id'], mayBeUnnamed: true },
  ];
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'teams',
      meaning: 'The teams that the person is a member of, with their role, and who invited them.',
      retention: 'While the person is a member.',
      sql: `SELECT own.team_id AS cursor, own.team_id, own.application_id, teams.name, own.role,
          teams.created_by IS NOT DISTINCT FROM own.user_id AS is_creator, own.joined_at, own.invited_by
        FROM team_members own JOIN teams ON teams.id = own.team_id WHERE own.user_id = $1`,
    },
  ];

  constructor(
    private readonly separation: TeamSeparation,
    private readonly rows: AccountTeamsRepository,
    private readonly members: TeamMembersRepository,
    private readonly records: TeamRecords,
    private readonly erasure: TeamErasure,
    private readonly teams: TeamsRepository,
  ) {}

  /** All that any module changes: invitations, for one, are locked after their teams. */
  async lock(tx: EntityManager, userIds: readonly string[]): Promise<void> {
    await this.teams.lockAll(tx, await this.rows.teamIdsNaming(tx, userIds));
  }

  async merge(tx: EntityManager, pair: MergePair): Promise<Merged> {
    const [survivorId, loserId] = [pair.survivor.userId, pair.loser.userId];
    const loser = await this.rows.recalledOf(tx, loserId);
    const survivor = await this.rows.recalledOf(tx, survivorId);
    await this.mergeAll(tx, survivorId, loserId);
    return { state: { loser, survivor } satisfies MergedMembers };
  }

  async merged(tx: EntityManager, { survivor }: MergePair): Promise<void> {
    // No member is invited by themselves.
    const own = { userId: survivor.userId, invitedBy: survivor.userId };
    await tx.update(TeamMemberEntity, own, { invitedBy: null });
  }

  async separated(tx: EntityManager, pair: ReturnPair, state: unknown): Promise<Returned> {
    return this.separation.separate(tx, pair, state as MergedMembers);
  }

  /** Foreign keys set the creator and inviter to null when the account's row is deleted. */
  async erase(tx: EntityManager, userId: string): Promise<void> {
    await this.erasure.leaveAll(tx, userId);
  }

  /** The higher role stays. This may exceed limits. The caller has locked both users, so that no membership is added. */
  private async mergeAll(tx: EntityManager, survivorId: string, loserId: string): Promise<void> {
    const memberships = await this.rows.membershipsOf(tx, loserId);
    const teams = await this.teams.lockAll(
      tx,
      memberships.map(({ teamId }) => teamId),
    );
    for (const team of teams) await this.mergeIn(tx, team, survivorId, loserId);
    if (teams.length > 0) await this.teams.announce(tx, `user:${survivorId}`, `user:${loserId}`);
  }

  private async mergeIn(
    tx: EntityManager,
    team: TeamEntity,
    survivorId: string,
    loserId: string,
  ): Promise<void> {
    const teamId = team.id;
    // The team may have changed while its lock was waited for.
    const lost = await this.members.find(tx, teamId, loserId);
    if (!lost) return;
    const own = await this.members.find(tx, teamId, survivorId);
    if (!own) await tx.update(TeamMemberEntity, { teamId, userId: loserId }, { userId: survivorId });
    else {
      await tx.delete(TeamMemberEntity, { teamId, userId: loserId });
      await this.teams.addToCount(tx, teamId, -1);
      await this.records.record(tx, team, null, 'team_member.left', { userId: loserId, reason: 'merged' });
      const role = higherOf(own.role, lost.role);
      const joinedAt = earliest(own.joinedAt, lost.joinedAt);
      await tx.update(TeamMemberEntity, { teamId, userId: survivorId }, { role, joinedAt });
      if (role !== own.role && role !== 'owner')
        await this.records.record(tx, team, null, 'team_member.role_changed', {
          userId: survivorId,
          role,
          before: own.role,
        });
      if (role !== own.role && role === 'owner')
        await this.records.record(tx, team, null, 'team.ownership_transferred', { userId: survivorId });
    }
    if (lost.role === 'owner') await this.teams.update(tx, teamId, { ownerId: survivorId });
  }
}
