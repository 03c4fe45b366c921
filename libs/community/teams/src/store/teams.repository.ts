import { Injectable } from '@nestjs/common';
import { Any, MoreThan, type EntityManager } from 'typeorm';
import type { Keyset } from '@countersign/http';
import { lockRow, lockRows, type Locked } from '@countersign/database';
import { NamedList } from './named-list';
import { TeamEntity, TeamMemberEntity } from './team.entity';

export interface TeamFilter {
  readonly applicationId?: string | undefined;
  /** The key of the beginning of a name, with `applicationId` only. The list is then in the order of names. */
  readonly prefix?: string | undefined;
  readonly createdBy?: string | undefined;
  readonly members: readonly string[];
}

export type LockedTeam = Locked<TeamEntity>;

@Injectable()
export class TeamsRepository {
  /** Locks the team until the transaction ends. */
  async lock(tx: EntityManager, teamId: string): Promise<LockedTeam | null> {
    return lockRow(tx, TeamEntity, { id: teamId });
  }

  /** Locks teams in the order of their ids. */
  async lockAll(tx: EntityManager, teamIds: readonly string[]): Promise<readonly LockedTeam[]> {
    return lockRows(tx, TeamEntity, { id: Any([...teamIds]) });
  }

  list(manager: EntityManager, filter: TeamFilter): NamedList<TeamEntity> {
    const { applicationId, prefix, createdBy, members } = filter;
    const query = manager.createQueryBuilder(TeamEntity, 'team');
    if (applicationId !== undefined) query.where('team.applicationId = :applicationId', { applicationId });
    if (createdBy !== undefined) query.andWhere('team.createdBy = :createdBy', { createdBy });
    // The join uses the index of the person's memberships.
    for (const [index, userId] of members.entries()) {
      const alias = `member${index}`;
      const isMember = `${alias}.teamId = team.id AND ${alias}.applicationId = team.applicationId AND ${alias}.userId = :${alias}`;
      query.innerJoin(TeamMemberEntity, alias, isMember, { [alias]: userId });
    }
    // With the team's id, the planner may read all teams.
    return new NamedList(query, prefix, members.length === 0 ? 'team.id' : 'member0.teamId');
  }

  async findMember(manager: EntityManager, teamId: string, userId: string): Promise<TeamMemberEntity | null> {
    return manager.findOneBy(TeamMemberEntity, { teamId, userId });
  }

  /** Lists members in the order of their ids, one more than the limit. */
  async listMembers(
    manager: EntityManager,
    teamId: string,
    { limit, afterId }: Keyset,
  ): Promise<readonly TeamMemberEntity[]> {
    return manager.find(TeamMemberEntity, {
      where: { teamId, ...(afterId === null ? {} : { userId: MoreThan(afterId) }) },
      order: { userId: 'ASC' },
      take: limit + 1,
    });
  }
}
