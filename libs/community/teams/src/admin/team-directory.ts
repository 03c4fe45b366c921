import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { Database, newestFirst } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { UserDirectory, UsersService } from '@countersign/users';
import { TeamMemberEntity } from '../store/team-member.entity';
import { TeamEntity } from '../store/team.entity';
import { teamError } from '../teams.errors';
import { TeamsRepository, type TeamFilter } from '../store/teams.repository';

/** A team of a person, with the person's membership. */
export interface TeamOfUser {
  readonly team: TeamEntity;
  readonly membership: TeamMemberEntity;
}

/** Teams of all applications, for operators. Lists answer one row more than the limit. */
@Injectable()
export class TeamDirectory {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamsRepository,
    private readonly users: UsersService,
    private readonly accounts: UserDirectory,
  ) {}

  /** Newest first; with a name in the order of names. @throws AppError request.invalid */
  async list(filter: TeamFilter, keyset: Keyset): Promise<readonly TeamEntity[]> {
    const { ownerId, members } = filter;
    const current = {
      ...filter,
      ownerId: ownerId === undefined ? undefined : await this.users.resolveId(ownerId),
      members: await Promise.all(members.map((id) => this.users.resolveId(id))),
    };
    return this.database.read((manager) => this.teams.list(manager, current, keyset));
  }

  /** @throws AppError team.not_found */
  async get(teamId: string): Promise<TeamEntity> {
    const team = await this.database.read((manager) => this.teams.find(manager, teamId));
    if (!team) throw teamError('team.not_found');
    return team;
  }

  /** The newest accounts first. @throws AppError team.not_found */
  async listMembers(teamId: string, { afterId, limit }: Keyset): Promise<readonly TeamMemberEntity[]> {
    await this.get(teamId);
    return this.database.read((manager) =>
      manager.find(TeamMemberEntity, {
        where: { teamId, ...(afterId === null ? {} : { userId: LessThan(afterId) }) },
        order: { userId: 'DESC' },
        take: limit + 1,
      }),
    );
  }

  /** Of all applications, newest first. The id of a merged account stands for the surviving one. @throws AppError user.not_found */
  async listOfUser(wantedId: string, keyset: Keyset): Promise<readonly TeamOfUser[]> {
    const { userId } = await this.accounts.get(wantedId);
    const found = await this.database.read((manager) => {
      const query = manager
        .createQueryBuilder(TeamMemberEntity, 'member')
        .innerJoinAndMapOne('member.team', TeamEntity, 'team', 'team.id = member.teamId')
        .where('member.userId = :userId', { userId });
      return newestFirst(query, 'member.teamId', keyset);
    });
    return found.map((membership) => ({
      membership,
      team: (membership as TeamMemberEntity & { readonly team: TeamEntity }).team,
    }));
  }
}
