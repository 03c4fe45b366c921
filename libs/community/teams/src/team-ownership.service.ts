import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ActDecisions } from '@countersign/account';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import type { TeamWithRole } from './dto/team.dto';
import { isOperator, type OperatorActor, type TeamActor, TeamRecords } from './team-records';
import { TeamAccess } from './access/team-access';
import { teamOperations } from './access/team-operations';
import { TeamEntity, TeamMemberEntity } from './store/team.entity';
import { teamError } from './teams.errors';
import { TeamsRepository, type LockedTeam } from './store/teams.repository';
import { teamEvents } from './teams.feature';
import { teamPermissions } from './team-roles';

@Injectable()
export class TeamOwnership {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly decisions: ActDecisions,
    private readonly access: TeamAccess,
    private readonly teams: TeamsRepository,
    private readonly records: TeamRecords,
  ) {}

  /** Makes another member the owner, and the owner an admin. A person needs a step-up; an operator needs no consent. */
  async transfer(by: Principal | OperatorActor, teamId: string, userId: string): Promise<TeamWithRole> {
    if (isOperator(by)) await this.users.assertNotMerged(userId);
    return this.database.transaction(async (tx) => {
      const [me, heir] = isOperator(by)
        ? [null, await this.users.lockIfThere(tx, userId)]
        : await this.access.lockBoth(tx, by.userId, userId);
      if (me && !isOperator(by)) await this.decisions.assertSteppedUp(tx, me, by, teamOperations.transfer);
      const { team, role, actor } = await this.access.lockFor(tx, by, teamId, teamPermissions.teamTransfer);
      if (!heir) throw teamError('team.member_not_found');
      if (team.ownerId === userId) return { team, role };
      if (!(await this.teams.findMember(tx, teamId, userId))) throw teamError('team.member_not_found');
      this.access.assertActive(heir);
      await this.handOver(tx, team, userId, actor);
      return { team: { ...team, ownerId: userId }, role: 'admin' };
    });
  }

  async handOver(tx: EntityManager, team: LockedTeam, toId: string, actor: TeamActor): Promise<void> {
    const { id: teamId, ownerId: fromId } = team;
    // A team has only one owner at a time, so the order matters. The foreign key is checked at the end.
    await tx.update(TeamMemberEntity, { teamId, userId: fromId }, { role: 'admin' });
    await tx.update(TeamMemberEntity, { teamId, userId: toId }, { role: 'owner' });
    await tx.update(TeamEntity, { id: teamId }, { ownerId: toId });
    await this.records.record(tx, team, actor, teamEvents.ownershipTransferred, { userId: toId });
    await this.records.onRightsLost(tx, { team, userId: fromId, role: 'admin' });
  }

  /** A person needs a step-up. */
  async delete(by: Principal | OperatorActor, teamId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!isOperator(by)) {
        const me = await this.users.lock(tx, by.userId);
        await this.decisions.assertSteppedUp(tx, me, by, teamOperations.delete);
      }
      const { team, actor } = await this.access.lockFor(tx, by, teamId, teamPermissions.teamDelete);
      await this.erase(tx, team, actor);
    });
  }

  async erase(tx: EntityManager, team: LockedTeam, actor: TeamActor): Promise<void> {
    // The database deletes its memberships and its rows of other modules.
    await tx.delete(TeamEntity, { id: team.id });
    await this.records.record(tx, team, actor, teamEvents.deleted, {});
  }
}
