import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ActDecisions } from '@countersign/account';
import { Clock, DAY } from '@countersign/clock';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import type { TeamWithRole } from './dto/team.response';
import { RoleHolders } from './access/role-holders';
import { BY_OPERATOR, type TeamActor } from './access/team-actor';
import { TeamAccess } from './access/team-access';
import { roleActs } from './access/team-acts';
import { TeamChannel } from './store/team-channel.repository';
import { TeamMembersRepository } from './store/team-members.repository';
import { TeamListeners } from './on-team-change';
import { TeamRecords } from './team-records';
import type { TeamEntity } from './store/team.entity';
import { teamError } from './teams.errors';
import { TeamsRepository } from './store/teams.repository';

/** How long the owner can restore a deleted team. */
export const RESTORABLE_DAYS = 7;

/** Transfers, deletes and restores teams, for their owners. */
@Injectable()
export class TeamOwnership {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly decisions: ActDecisions,
    private readonly access: TeamAccess,
    private readonly holders: RoleHolders,
    private readonly teams: TeamsRepository,
    private readonly members: TeamMembersRepository,
    private readonly listeners: TeamListeners,
    private readonly records: TeamRecords,
    private readonly channel: TeamChannel,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes another member the owner; the caller becomes an admin. After step-up.
   * @throws AppError account.step_up_required, team.member_not_found, team.target_unavailable,
   * team.target_assurance_too_low, session.ended, and as `TeamAccess.assertAct`
   */
  async transfer(caller: Principal, teamId: string, userId: string): Promise<TeamWithRole> {
    return this.database.transaction(async (tx) => {
      await this.holders.lockBoth(tx, caller.userId, userId);
      await this.decisions.assertSteppedUp(tx, caller, roleActs['team.transfer']);
      const { team, role, actor } = await this.access.assertAct(tx, caller, teamId, 'team.transfer');
      if (userId === caller.userId) return { team, role };
      await this.handOverToFit(tx, team, userId, actor);
      return { team: { ...team, ownerId: userId }, role: 'admin' };
    });
  }

  /**
   * Makes a member the owner, and the owner an admin. The caller has locked the team.
   * @param actor whose act it is
   */
  async handOver(tx: EntityManager, team: TeamEntity, toId: string, actor: TeamActor): Promise<void> {
    const { id: teamId, ownerId: fromId } = team;
    // In this order: a team has one owner at a time. The foreign key is checked at the end.
    await this.members.setRole(tx, teamId, fromId, 'admin');
    await this.members.setRole(tx, teamId, toId, 'owner');
    await this.teams.update(tx, teamId, { ownerId: toId });
    await this.records.record(tx, team, actor, { action: 'ownership_transferred', userId: toId });
    await this.channel.announce(tx, `user:${fromId}`, `user:${toId}`);
    await this.listeners.onRightsLost(tx, { teamId, userId: fromId, role: 'admin' });
  }

  /**
   * Deletes a team, which its owner can restore for seven days. After step-up.
   * @throws AppError account.step_up_required, session.ended, and as `TeamAccess.assertAct`
   */
  async delete(caller: Principal, teamId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      await this.decisions.assertSteppedUp(tx, caller, roleActs['team.delete']);
      const { team, actor } = await this.access.assertAct(tx, caller, teamId, 'team.delete');
      await this.deleteIn(tx, team, actor);
    });
  }

  /**
   * A team that is not deleted stays as it is.
   * @throws AppError team.not_found when it was deleted more than seven days ago, and as `TeamAccess.assertAct`
   */
  async restore(caller: Principal, teamId: string): Promise<TeamWithRole> {
    return this.database.transaction(async (tx) => {
      const { team, role, actor } = await this.access.assertAct(tx, caller, teamId, 'team.restore');
      return { team: await this.restoreIn(tx, team, actor), role };
    });
  }

  /**
   * As `transfer`, for an operator: without step-up and consent.
   * @param reason for the audit trail
   * @throws AppError team.not_found, team.member_not_found, team.target_unavailable, team.target_assurance_too_low
   */
  async transferFor(teamId: string, wantedId: string, reason: string): Promise<TeamEntity> {
    const userId = await this.users.resolveId(wantedId);
    return this.asOperator(
      teamId,
      async (tx, team) => {
        if (team.ownerId === userId) return team;
        await this.handOverToFit(tx, team, userId, { ...BY_OPERATOR, reason });
        return { ...team, ownerId: userId };
      },
      userId,
    );
  }

  /** A team that is deleted stays so. @throws AppError team.not_found */
  async deleteFor(teamId: string): Promise<void> {
    await this.asOperator(teamId, async (tx, team) => {
      if (team.deletedAt === null) await this.deleteIn(tx, team, BY_OPERATOR);
    });
  }

  /** @throws AppError team.not_found when it was deleted more than seven days ago, too */
  async restoreFor(teamId: string): Promise<TeamEntity> {
    return this.asOperator(teamId, (tx, team) => this.restoreIn(tx, team, BY_OPERATOR));
  }

  /** @param lockedId a person whose account is locked before the team */
  private async asOperator<T>(
    teamId: string,
    work: (tx: EntityManager, team: TeamEntity) => Promise<T>,
    lockedId: string | null = null,
  ): Promise<T> {
    return this.database.transaction(async (tx) => {
      const isThere = lockedId === null || (await this.users.lockIfThere(tx, lockedId));
      const team = await this.teams.lock(tx, teamId);
      if (!team) throw teamError('team.not_found');
      if (!isThere) throw teamError('team.member_not_found');
      return work(tx, team);
    });
  }

  /** @throws AppError team.member_not_found, team.target_unavailable, team.target_assurance_too_low */
  private async handOverToFit(
    tx: EntityManager,
    team: TeamEntity,
    userId: string,
    actor: TeamActor,
  ): Promise<void> {
    if (!(await this.members.find(tx, team.id, userId))) throw teamError('team.member_not_found');
    await this.holders.assertActive(tx, userId);
    await this.holders.assertReachable(tx, team, userId);
    await this.handOver(tx, team, userId, actor);
  }

  private async deleteIn(tx: EntityManager, team: TeamEntity, actor: TeamActor): Promise<void> {
    await this.teams.update(tx, team.id, { deletedAt: this.clock.now() });
    await this.records.record(tx, team, actor, { action: 'deleted' });
    await this.channel.announce(tx, `team:${team.id}`);
    await this.listeners.onTeamDeleted(tx, team.id);
  }

  /** Of a locked team. One that is not deleted stays as it is. @throws AppError team.not_found */
  private async restoreIn(tx: EntityManager, team: TeamEntity, actor: TeamActor): Promise<TeamEntity> {
    if (team.deletedAt === null) return team;
    if (this.clock.now().getTime() >= team.deletedAt.getTime() + RESTORABLE_DAYS * DAY)
      throw teamError('team.not_found');
    await this.teams.update(tx, team.id, { deletedAt: null });
    await this.records.record(tx, team, actor, { action: 'restored' });
    await this.channel.announce(tx, `team:${team.id}`);
    return { ...team, deletedAt: null };
  }
}
