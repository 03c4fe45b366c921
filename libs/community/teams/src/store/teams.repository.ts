import { Injectable } from '@nestjs/common';
import { Any, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { countUpTo } from '@countersign/admin';
import { insertIfNew } from '@countersign/database';
import { invalidCursor, type Keyset } from '@countersign/http';
import { TeamMemberEntity } from './team-member.entity';
import { TeamEntity } from './team.entity';

/** Of teams in one application. */
export interface TeamFilter {
  readonly applicationId: string;
  /** The key of the beginning of a name, see `foldTeamName`. The list is by name then. */
  readonly prefix?: string | undefined;
  readonly createdBy?: string | undefined;
  /** All of these people are members. */
  readonly members: readonly string[];
  /** Deleted teams of this owner are listed too. */
  readonly withDeletedOf?: string | undefined;
}

/** A page by position instead of a cursor. */
export interface ListPosition {
  readonly skip: number;
  readonly limit: number;
  /** By default the newest come first. A list by name stays one. */
  readonly isOldestFirst: boolean;
}

/** The last code point: keys that begin with a prefix sort before the prefix followed by it. */
export const LAST = '\u{10ffff}';

@Injectable()
export class TeamsRepository {
  async find(manager: EntityManager, teamId: string): Promise<TeamEntity | null> {
    return manager.findOneBy(TeamEntity, { id: teamId });
  }

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

  async isNameTaken(
    manager: EntityManager,
    { applicationId, nameKey }: Pick<TeamEntity, 'applicationId' | 'nameKey'>,
  ): Promise<boolean> {
    return manager.existsBy(TeamEntity, { applicationId, nameKey });
  }

  /** @returns whether it was inserted: another team of the application may have the name */
  async insertIfFree(tx: EntityManager, team: TeamEntity): Promise<boolean> {
    return insertIfNew(tx, TeamEntity, team, 'id');
  }

  /** One more than the limit. */
  async list(
    manager: EntityManager,
    filter: TeamFilter,
    { limit, afterId }: Keyset,
  ): Promise<readonly TeamEntity[]> {
    const { applicationId, prefix } = filter;
    const query = filtered(manager, filter).limit(limit + 1);
    if (prefix === undefined) return this.afterId(query, afterId, idColumnOf(filter)).getMany();
    return (await this.afterName(manager, query, { applicationId, afterId })).getMany();
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

  private afterId(query: SelectQueryBuilder<TeamEntity>, afterId: string | null, idColumn: string) {
    if (afterId !== null) query.andWhere(`${idColumn} < :afterId`, { afterId });
    return query.orderBy(idColumn, 'DESC');
  }

  /**
   * The cursor is the id of the last team; a name in it would be too long. A caller can make one up: a team of another
   * application has no position in the list, since that would tell its name.
   */
  private async afterName(
    manager: EntityManager,
    query: SelectQueryBuilder<TeamEntity>,
    { applicationId, afterId }: { readonly applicationId: string; readonly afterId: string | null },
  ) {
    query.orderBy('team.nameKey', 'ASC');
    if (afterId === null) return query;
    const last = await manager.findOneBy(TeamEntity, { id: afterId, applicationId });
    if (!last) throw invalidCursor();
    return query.andWhere('team.nameKey > :after', { after: last.nameKey });
  }

  /** The position of a team in a list by name. @throws AppError request.invalid when it is gone */
  async nameKeyOf(manager: EntityManager, teamId: string): Promise<string> {
    const last = await this.find(manager, teamId);
    if (!last) throw invalidCursor();
    return last.nameKey;
  }

  async update(
    tx: EntityManager,
    teamId: string,
    change: Partial<Omit<TeamEntity, 'id' | 'applicationId' | 'memberCount'>>,
  ): Promise<void> {
    await tx.update(TeamEntity, { id: teamId }, change);
  }

  /** @param by how many more, or fewer when it is negative */
  async addToCount(tx: EntityManager, teamId: string, by: number): Promise<void> {
    await tx.increment(TeamEntity, { id: teamId }, 'memberCount', by);
  }
}

function filtered(
  manager: EntityManager,
  { applicationId, prefix, createdBy, members, withDeletedOf }: TeamFilter,
): SelectQueryBuilder<TeamEntity> {
  const query = manager
    .createQueryBuilder(TeamEntity, 'team')
    .where('team.applicationId = :applicationId', { applicationId });
  if (withDeletedOf === undefined) query.andWhere('team.deletedAt IS NULL');
  else query.andWhere('(team.deletedAt IS NULL OR team.ownerId = :withDeletedOf)', { withDeletedOf });
  if (createdBy !== undefined) query.andWhere('team.createdBy = :createdBy', { createdBy });
  for (const [index, userId] of members.entries()) joinMember(query, `member${index}`, userId);
  if (prefix !== undefined)
    query.andWhere('team.nameKey >= :prefix AND team.nameKey < :end', { prefix, end: `${prefix}${LAST}` });
  return query;
}

/** The membership's where there is one: by the team's, the planner may walk all teams. */
function idColumnOf({ members }: TeamFilter): string {
  return members.length === 0 ? 'team.id' : 'member0.teamId';
}

/** By the index of the person's memberships. */
function joinMember(query: SelectQueryBuilder<TeamEntity>, alias: string, userId: string): void {
  query.innerJoin(
    TeamMemberEntity,
    alias,
    `${alias}.teamId = team.id AND ${alias}.applicationId = team.applicationId AND ${alias}.userId = :${alias}`,
    { [alias]: userId },
  );
}
