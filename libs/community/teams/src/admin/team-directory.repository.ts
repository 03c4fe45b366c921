import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { newestFirst } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { TeamMemberEntity } from '../store/team-member.entity';
import { TeamEntity } from '../store/team.entity';
import { LAST, TeamsRepository } from '../store/teams.repository';
import type { TeamOfUser, WantedTeams } from './team-filter';

/** Lists of teams for operators: each reads along an index, one row more than the limit. */
@Injectable()
export class TeamDirectoryRepository {
  constructor(private readonly teams: TeamsRepository) {}

  /** Newest first; with the beginning of a name in the order of names. @throws AppError request.invalid */
  async list(manager: EntityManager, filter: WantedTeams, keyset: Keyset): Promise<readonly TeamEntity[]> {
    const query = filtered(manager, filter);
    if (filter.nameKey === undefined) return newestFirst(query, idColumnOf(filter), keyset);
    const { afterId, limit } = keyset;
    const after = afterId === null ? null : await this.teams.nameKeyOf(manager, afterId);
    if (after !== null) query.andWhere('team.nameKey > :after', { after });
    return query
      .orderBy('team.nameKey', 'ASC')
      .limit(limit + 1)
      .getMany();
  }

  /** In the order of the ids of their accounts, newest account first. */
  async listMembers(
    manager: EntityManager,
    teamId: string,
    keyset: Keyset,
  ): Promise<readonly TeamMemberEntity[]> {
    const query = manager
      .createQueryBuilder(TeamMemberEntity, 'member')
      .where('member.teamId = :teamId', { teamId });
    return newestFirst(query, 'member.userId', keyset);
  }

  /** Of all applications, newest first. */
  async listOfUser(manager: EntityManager, userId: string, keyset: Keyset): Promise<readonly TeamOfUser[]> {
    const query = manager
      .createQueryBuilder(TeamMemberEntity, 'member')
      .innerJoinAndMapOne('member.team', TeamEntity, 'team', 'team.id = member.teamId')
      .where('member.userId = :userId', { userId });
    const found = await newestFirst(query, 'member.teamId', keyset);
    return found.map((membership) => ({
      membership,
      team: (membership as TeamMemberEntity & { readonly team: TeamEntity }).team,
    }));
  }
}

/** The membership's where there is one: by the team's, the planner may walk all teams. */
function idColumnOf({ ownerId, memberId }: WantedTeams): string {
  if (ownerId !== undefined) return 'owner.teamId';
  return memberId === undefined ? 'team.id' : 'member.teamId';
}

function filtered(manager: EntityManager, filter: WantedTeams): SelectQueryBuilder<TeamEntity> {
  const { applicationId, nameKey, ownerId, memberId, state } = filter;
  const query = manager.createQueryBuilder(TeamEntity, 'team');
  if (applicationId !== undefined) query.andWhere('team.applicationId = :applicationId', { applicationId });
  // An owner is a member, and members have an index.
  if (ownerId !== undefined)
    query.innerJoin(
      TeamMemberEntity,
      'owner',
      `owner.teamId = team.id AND owner.userId = :ownerId AND owner.role = 'owner'`,
      { ownerId },
    );
  if (memberId !== undefined)
    query.innerJoin(TeamMemberEntity, 'member', 'member.teamId = team.id AND member.userId = :memberId', {
      memberId,
    });
  if (nameKey !== undefined)
    query.andWhere('team.nameKey >= :nameKey AND team.nameKey < :nameEnd', {
      nameKey,
      nameEnd: `${nameKey}${LAST}`,
    });
  if (state !== undefined) query.andWhere(`team.deletedAt IS ${state === 'deleted' ? 'NOT NULL' : 'NULL'}`);
  return query;
}
