import { Injectable } from '@nestjs/common';
import { In, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import type { Keyset } from '@countersign/http';
import { IdentityEntity } from '../store/identity.entity';
import { UserEntity } from '../store/user.entity';

/** Which identities to list. */
export interface IdentityFilter {
  readonly userId?: string | undefined;
  readonly provider?: string | undefined;
  /** Attached by a link or merge at this instant or later. */
  readonly attachedSince?: Date | undefined;
  /** Attached with it, as `provider/environment/id`. */
  readonly bot?: string | undefined;
}

type IdentityRow = Pick<
  IdentityEntity,
  | 'id'
  | 'userId'
  | 'provider'
  | 'environment'
  | 'cap'
  | 'attachedAt'
  | 'attachedBy'
  | 'attachedWith'
  | 'createdAt'
>;

const COLUMNS = [
  'id',
  'userId',
  'provider',
  'environment',
  'cap',
  'attachedAt',
  'attachedBy',
  'attachedWith',
  'createdAt',
] as const;

type UserRow = Pick<UserEntity, 'id' | 'createdAt' | 'platformProvenAt'>;

/** Identities for operators: no column that is read here is sealed. */
@Injectable()
export class IdentityListRepository {
  /** Newest first; one more than the limit. */
  async list(
    manager: EntityManager,
    filter: IdentityFilter,
    { afterId, limit }: Keyset,
  ): Promise<readonly IdentityRow[]> {
    const query = filtered(manager, filter);
    if (afterId !== null) query.andWhere('identity.id < :afterId', { afterId });
    return query
      .orderBy('identity.id', 'DESC')
      .limit(limit + 1)
      .getMany();
  }

  async find(manager: EntityManager, id: string): Promise<IdentityRow | null> {
    return manager.findOne(IdentityEntity, {
      select: Object.fromEntries(COLUMNS.map((column) => [column, true])),
      where: { id },
    });
  }

  /** What decides which identity founded its account. */
  async ownersOf(manager: EntityManager, userIds: readonly string[]): Promise<readonly UserRow[]> {
    return manager.find(UserEntity, {
      select: { id: true, createdAt: true, platformProvenAt: true },
      where: { id: In([...new Set(userIds)]) },
    });
  }
}

/** Conditions of partial indexes are texts: with parameters a prepared plan could not use them. */
function filtered(
  manager: EntityManager,
  { userId, provider, attachedSince, bot }: IdentityFilter,
): SelectQueryBuilder<IdentityEntity> {
  const query = manager
    .createQueryBuilder(IdentityEntity, 'identity')
    .select(COLUMNS.map((column) => `identity.${column}`));
  if (userId !== undefined) query.andWhere('identity.userId = :userId', { userId });
  if (provider !== undefined) query.andWhere('identity.provider = :provider', { provider });
  if (provider !== undefined && provider !== 'telegram') query.andWhere(`identity.provider <> 'telegram'`);
  if (attachedSince ?? bot) query.andWhere('identity.attachedAt IS NOT NULL');
  if (attachedSince) query.andWhere(likely('identity.attachedAt >= :attachedSince'), { attachedSince });
  if (bot !== undefined) query.andWhere(likely(':bot = ANY(identity.attachedWith)'), { bot });
  return query;
}

/**
 * A condition that the planner takes for true of every other row, so that it reads a page along the index in its order.
 * By itself it expects few rows, and would read and sort all that were ever attached.
 */
function likely(condition: string): string {
  return `CASE WHEN ${condition} THEN true ELSE false END`;
}
