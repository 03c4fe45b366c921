import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountTeamsRepository } from './account-teams.repository';
import { MembersService } from '../members/members.service';
import { TeamMembersRepository } from '../store/team-members.repository';
import { TeamOwnership } from '../team-ownership.service';
import { TeamEntity } from '../store/team.entity';
import { TeamsRepository } from '../store/teams.repository';

/** Ends memberships of accounts that are erased, and teams for good. */
@Injectable()
export class TeamErasure {
  constructor(
    private readonly rows: AccountTeamsRepository,
    private readonly teams: TeamsRepository,
    private readonly members: TeamMembersRepository,
    private readonly memberships: MembersService,
    private readonly ownership: TeamOwnership,
  ) {}

  /**
   * Ends all memberships of a person. A team of theirs goes to its longest-serving admin (see `findSuccessor`); without
   * one it is deleted. The caller has locked the user, so that no membership is added.
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

  private async leave(tx: EntityManager, team: TeamEntity, userId: string): Promise<void> {
    // The team may have changed while its lock was waited for.
    const member = await this.members.find(tx, team.id, userId);
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
}
