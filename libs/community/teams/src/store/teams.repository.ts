import { Injectable } from '@nestjs/common';
import { Any, MoreThan, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { countUpTo } from '@countersign/admin';
import { newestFirst } from '@countersign/database';
import { invalidCursor, type Keyset } from '@countersign/http';
import { TeamEntity, TeamMemberEntity } from './team.entity';

/** Which teams are wanted. */
export interface TeamFilter {
  readonly applicationId?: string | undefined;
  /** The key of the beginning of a name, see `foldTeamName`, with `applicationId` only. The list is by name then. */
  readonly prefix?: string | undefined;
  readonly createdBy?: string | undefined;
  /** All of these people are members. */
  readonly members: readonly string[];
}

/** A page by position instead of a cursor. */
export interface ListPosition {
  readonly skip: number;
  readonly limit: number;
  /** By default the newest come first. A list by name stays one. */
  readonly isOldestFirst: boolean;
}

/** The last code point: keys that begin with a prefix sort before the prefix followed by it. */
const LAST = '\u{10ffff}';

@Injectable()
export class TeamsRepository {
  /** Locked until the end of the transaction. */
  async lock(tx: EntityManager, teamId: string): Promise<TeamEntity | null> {
    return tx.findOne(TeamEntity, { where: { id: teamId }, lock: { mode: 'for_no_key_update' } });
  }

  /** In the order of their ids. */
  async lockAll(tx: EntityManager, teamIds: readonly string[]): Promise<readonly TeamEntity[]> {
    return tx.find(TeamEntity, {
      where: { id: Any([...teamIds]) },
      order: { id: 'ASC' },
      lock: { mode: 'for_no_key_update' },
    });
  }

  /** Newest first, or by name where a name is searched; one more than the limit. @throws AppError request.invalid */
  async list(manager: EntityManager, filter: TeamFilter, keyset: Keyset): Promise<readonly TeamEntity[]> {
    const query = filtered(manager, filter);
    const { limit, afterId } = keyset;
    if (filter.prefix === undefined) return newestFirst(query, idColumnOf(filter), keyset);
    if (afterId !== null)
      query.andWhere('team.nameKey > :after', { after: await this.keyOf(manager, filter, afterId) });
    return query
      .orderBy('team.nameKey', 'ASC')
      .limit(limit + 1)
      .getMany();
  }

  async listAt(
    manager: EntityManager,
    filter: TeamFilter,
    { skip, limit, isOldestFirst }: ListPosition,
  ): Promise<readonly TeamEntity[]> {
    const query = filtered(manager, filter).offset(skip).limit(limit);
    if (filter.prefix !== undefined) return query.orderBy('team.nameKey', 'ASC').getMany();
    return query.orderBy(idColumnOf(filter), isOldestFirst ? 'ASC' : 'DESC').getMany();
  }

  async count(manager: EntityManager, filter: TeamFilter): Promise<number> {
    const [statement, parameters] = filtered(manager, filter).select('team.id', 'id').getQueryAndParameters();
    return countUpTo(manager, `FROM (${statement}) AS found`, parameters);
  }

  /**
   * The cursor is the id of the last team; a name in it would be too long. A caller can make one up: a team of another
   * application has no position in the list, since that would tell its name. @throws AppError request.invalid
   */
  private async keyOf(manager: EntityManager, { applicationId }: TeamFilter, id: string): Promise<string> {
    const last = await manager.findOneBy(TeamEntity, { id, applicationId: applicationId ?? '' });
    if (!last) throw invalidCursor();
    return last.nameKey;
  }

  async findMember(manager: EntityManager, teamId: string, userId: string): Promise<TeamMemberEntity | null> {
    return manager.findOneBy(TeamMemberEntity, { teamId, userId });
  }

  /** In the order of their ids; one more than the limit. */
  async listMembers(
    manager: EntityManager,
    teamId: string,
    { limit, afterId }: Keyset,
  ): Promise<readonly TeamMemberEntity[]> {
    return manager.find(TeamMemberEntity, {
      where: {
        teamId,
        ...(afterId === null ? {} : { userId: MoreThan(afterId) }),
      },
      order: { userId: 'ASC' },
      take: limit + 1,
    });
  }
}

function filtered(
  manager: EntityManager,
  { applicationId, prefix, createdBy, members }: TeamFilter,
): SelectQueryBuilder<TeamEntity> {
  const query = manager.createQueryBuilder(TeamEntity, 'team');
  if (applicationId !== undefined) query.where('team.applicationId = :applicationId', { applicationId });
  if (createdBy !== undefined) query.andWhere('team.createdBy = :createdBy', { createdBy });
  // By the index of the person's memberships.
  for (const [index, userId] of members.entries()) {
    const alias = `member${index}`;
    const isMember = `${alias}.teamId = team.id AND ${alias}.applicationId = team.applicationId AND ${alias}.userId = :${alias}`;
    query.innerJoin(TeamMemberEntity, alias, isMember, { [alias]: userId });
  }
  if (prefix !== undefined)
    query.andWhere('team.nameKey >= :prefix AND team.nameKey < :end', { prefix, end: `${prefix}${LAST}` });
  return query;
}

/** The membership's where there is one: by the team's, the planner may walk all teams. */
function idColumnOf({ members }: TeamFilter): string {
  return members.length === 0 ? 'team.id' : 'member0.teamId';
}
