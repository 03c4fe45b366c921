import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { UserDirectory, UsersService } from '@countersign/users';
import type { TeamMemberEntity } from '../store/team-member.entity';
import { readNamePrefix } from '../team-fields';
import type { TeamEntity } from '../store/team.entity';
import { teamError } from '../teams.errors';
import { TeamsRepository } from '../store/teams.repository';
import { TeamDirectoryRepository } from './team-directory.repository';
import type { TeamFilter, TeamOfUser, WantedTeams } from './team-filter';

/** Teams of all applications, for operators. Lists answer one row more than the limit. */
@Injectable()
export class TeamDirectory {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamsRepository,
    private readonly directory: TeamDirectoryRepository,
    private readonly users: UsersService,
    private readonly accounts: UserDirectory,
  ) {}

  /** Newest first; with a name in the order of names. @throws AppError request.invalid */
  async list(filter: TeamFilter, keyset: Keyset): Promise<readonly TeamEntity[]> {
    const current = await this.ofSurvivors(filter);
    return this.database.read((manager) => this.directory.list(manager, current, keyset));
  }

  /** Also one that is deleted. @throws AppError team.not_found */
  async get(teamId: string): Promise<TeamEntity> {
    const team = await this.database.read((manager) => this.teams.find(manager, teamId));
    if (!team) throw teamError('team.not_found');
    return team;
  }

  /** The newest accounts first. @throws AppError team.not_found */
  async listMembers(teamId: string, keyset: Keyset): Promise<readonly TeamMemberEntity[]> {
    await this.get(teamId);
    return this.database.read((manager) => this.directory.listMembers(manager, teamId, keyset));
  }

  /** Of all applications, newest first. The id of a merged account stands for the surviving one. @throws AppError user.not_found */
  async listOfUser(userId: string, keyset: Keyset): Promise<readonly TeamOfUser[]> {
    const { userId: currentId } = await this.accounts.get(userId);
    return this.database.read((manager) => this.directory.listOfUser(manager, currentId, keyset));
  }

  private async ofSurvivors({ ownerId, memberId, name, ...filter }: TeamFilter): Promise<WantedTeams> {
    return {
      ...filter,
      nameKey: name === undefined ? undefined : readNamePrefix(name),
      ownerId: ownerId === undefined ? undefined : await this.users.resolveId(ownerId),
      memberId: memberId === undefined ? undefined : await this.users.resolveId(memberId),
    };
  }
}
