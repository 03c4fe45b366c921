import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountTeamsRepository } from './account-teams.repository';
import { MembersService } from '../members/members.service';
import { TeamMembersRepository } from '../store/team-members.repository';
import { TeamOwnership } from '../team-ownership.service';
import { TeamRecords } from '../team-records';
import { TeamEntity } from '../store/team.entity';
import { TeamsRepository } from '../store/teams.repository';
import { TeamListeners } from '../on-team-change';

/** Ends memberships of accounts that are erased, and teams for good. */
@Injectable()
export class TeamErasure {
  constructor(
    private readonly rows: AccountTeamsRepository,
    private readonly teams: TeamsRepository,
    private readonly members: TeamMembersRepository,
    private readonly memberships: MembersService,
    private readonly ownership: TeamOwnership,
    private readonly listeners: TeamListeners,
    private readonly records: TeamRecords,
  ) {}

  /**
   * Ends all memberships of a person. A team of theirs goes to its longest-serving admin (see `findSuccessor`); without
   * one, or when it is deleted already, it goes at once. The caller has locked the user, so that no membership is added.
   */
  async leaveAll(tx: EntityManager, userId: string): Promise<void> {
    const memberships = await this.rows.membershipsOf(tx, userId);
    const teams = await this.teams.lockAll(
      tx,
      memberships.map(({ teamId }) => teamId),
    );
    for (const team of teams) await this.leave(tx, team, userId);
    if (teams.length > 0) await this.teams.announce(tx, `user:${userId}`);
  }

  /** Deletes a team with everything that belongs to it. The caller has locked it. */
  async erase(tx: EntityManager, team: TeamEntity): Promise<void> {
    if (team.deletedAt === null) await this.listeners.onTeamDeleted(tx, team.id);
    // The database deletes memberships and rows of other modules with it.
    await tx.delete(TeamEntity, { id: team.id });
    await this.records.record(tx, team, null, 'team.erased', {});
  }

  private async leave(tx: EntityManager, team: TeamEntity, userId: string): Promise<void> {
    // The team may have changed while its lock was waited for.
    const member = await this.members.find(tx, team.id, userId);
    if (!member) return;
    if (member.role === 'owner') {
      const successor = team.deletedAt === null ? await this.rows.findSuccessor(tx, team.id) : null;
      if (successor === null) {
        await this.erase(tx, team);
        return;
      }
      await this.ownership.handOver(tx, team, successor, null);
    }
    await this.memberships.end(tx, team, userId, { actor: null, reason: 'erased' });
  }
}
