import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { earliest } from '@countersign/clock';
import { AccountTeamsRepository } from './account-teams.repository';
import { TeamChannel } from '../store/team-channel.repository';
import { TeamMembersRepository } from '../store/team-members.repository';
import { TeamRecords } from '../team-records';
import { higherOf } from '../team-roles';
import type { TeamEntity } from '../store/team.entity';
import { TeamsRepository } from '../store/teams.repository';

/** Moves memberships of an account that is merged into another. This may exceed limits. */
@Injectable()
export class TeamMerging {
  constructor(
    private readonly rows: AccountTeamsRepository,
    private readonly teams: TeamsRepository,
    private readonly members: TeamMembersRepository,
    private readonly records: TeamRecords,
    private readonly channel: TeamChannel,
  ) {}

  /** The higher role stays. The caller has locked both users, so that no membership is added. */
  async merge(tx: EntityManager, survivorId: string, loserId: string): Promise<void> {
    const memberships = await this.rows.membershipsOf(tx, loserId);
    const teams = await this.teams.lockAll(
      tx,
      memberships.map(({ teamId }) => teamId),
    );
    for (const team of teams) await this.mergeIn(tx, team, survivorId, loserId);
    if (teams.length > 0) await this.channel.announce(tx, `user:${survivorId}`, `user:${loserId}`);
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
    if (!own) await this.rows.giveMembership(tx, teamId, loserId, survivorId);
    else {
      await this.members.delete(tx, teamId, loserId);
      await this.teams.addToCount(tx, teamId, -1);
      await this.records.record(tx, team, null, { action: 'left', userId: loserId, reason: 'merged' });
      const role = higherOf(own.role, lost.role);
      const joinedAt = earliest(own.joinedAt, lost.joinedAt);
      await this.rows.setMembership(tx, { teamId, userId: survivorId }, { role, joinedAt });
      const raised = { action: 'role_changed', role, before: own.role } as const;
      if (role !== own.role && role !== 'owner')
        await this.records.record(tx, team, null, { ...raised, userId: survivorId });
      if (role !== own.role && role === 'owner')
        await this.records.record(tx, team, null, { action: 'ownership_transferred', userId: survivorId });
    }
    if (lost.role === 'owner') await this.teams.update(tx, teamId, { ownerId: survivorId });
  }
}
