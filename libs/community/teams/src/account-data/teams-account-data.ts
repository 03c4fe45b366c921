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
import { TeamSeparation, type MergedMembers } from './team-separation';
import { MembersService } from '../members/members.service';
import { TeamOwnership } from '../team-ownership.service';
import { TeamRecords } from '../team-records';
import { higherOf } from '../team-roles';
import { type TeamEntity, TeamMemberEntity } from '../store/team.entity';
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
    private readonly records: TeamRecords,
    private readonly memberships: MembersService,
    private readonly ownership: TeamOwnership,
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

  /**
   * Ends all memberships of a person. A team of theirs goes to its longest-serving admin (see `findSuccessor`); without
   * one it is deleted. Foreign keys set the creator and inviter to null when the account's row is deleted.
   */
  async erase(tx: EntityManager, userId: string): Promise<void> {
    const teams = await this.lockTeamsOf(tx, userId);
    for (const team of teams) await this.leave(tx, team, userId);
  }

  /** The higher role stays. This may exceed limits. */
  private async mergeAll(tx: EntityManager, survivorId: string, loserId: string): Promise<void> {
    const teams = await this.lockTeamsOf(tx, loserId);
    for (const team of teams) await this.mergeIn(tx, team, survivorId, loserId);
  }

  /** The caller has locked the person, so that no membership is added. */
  private async lockTeamsOf(tx: EntityManager, userId: string): Promise<readonly TeamEntity[]> {
    const memberships = await tx.findBy(TeamMemberEntity, { userId });
    return this.teams.lockAll(
      tx,
      memberships.map(({ teamId }) => teamId),
    );
  }

  private async leave(tx: EntityManager, team: TeamEntity, userId: string): Promise<void> {
    // The team may have changed while its lock was waited for.
    const member = await this.teams.findMember(tx, team.id, userId);
    if (!member) return;
    if (member.role === 'owner') {
      const successor = await this.rows.findSuccessor(tx, team.id);
      if (successor === null) {
        await this.ownership.erase(tx, team, null);
        return;
      }
      await this.ownership.handOver(tx, team, successor, null);
    }
    await this.memberships.end(tx, team, userId, { actor: null, reason: 'erased' });
  }

  private async mergeIn(
    tx: EntityManager,
    team: TeamEntity,
    survivorId: string,
    loserId: string,
  ): Promise<void> {
    const teamId = team.id;
    // The team may have changed while its lock was waited for.
    const lost = await this.teams.findMember(tx, teamId, loserId);
    if (!lost) return;
    const own = await this.teams.findMember(tx, teamId, survivorId);
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
