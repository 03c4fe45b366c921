import { Injectable } from '@nestjs/common';
import { UsersService } from '@countersign/users';
import type { TeamPatch } from '../dto/team.request';
import { MembersService } from '../members/members.service';
import { BY_OPERATOR } from '../access/team-actor';
import { TeamOwnership } from '../team-ownership.service';
import type { TeamEntity } from '../store/team.entity';
import { TeamsService } from '../teams.service';

/**
 * Acts of operators on teams, by the code that members use: with the same rules for names, texts and owners, and the same
 * records, events and notifications, but without a role, a session and step-up.
 */
@Injectable()
export class TeamOperations {
  constructor(
    private readonly teams: TeamsService,
    private readonly ownership: TeamOwnership,
    private readonly members: MembersService,
    private readonly users: UsersService,
  ) {}

  /**
   * @throws AppError request.invalid, team.not_found, team.name_taken, team.name_reserved
   */
  async change(teamId: string, patch: TeamPatch): Promise<TeamEntity> {
    return this.teams.changeFor(BY_OPERATOR, teamId, patch);
  }

  /** Changes nothing where it is deleted. @throws AppError team.not_found */
  async delete(teamId: string): Promise<void> {
    await this.ownership.deleteFor(BY_OPERATOR, teamId);
  }

  /** Changes nothing where it is not deleted. @throws AppError team.not_found */
  async restore(teamId: string): Promise<TeamEntity> {
    return this.ownership.restoreFor(BY_OPERATOR, teamId);
  }

  /**
   * @param reason for the audit trail
   * @throws AppError team.not_found, team.member_not_found, team.target_unavailable, team.target_assurance_too_low
   */
  async transfer(teamId: string, userId: string, reason: string): Promise<TeamEntity> {
    return this.ownership.transferFor({ ...BY_OPERATOR, reason }, teamId, userId);
  }

  /** @throws AppError team.not_found, team.member_not_found, team.owner_cannot_leave */
  async removeMember(teamId: string, userId: string): Promise<void> {
    await this.members.removeFor(BY_OPERATOR, teamId, await this.users.resolveId(userId));
  }
}
