import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { Database, newestFirst } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { IdentityEntity } from '../store/identity.entity';
import { identityError } from '../user.errors';

/** Which identities to list. */
export interface IdentityFilter {
  readonly userId?: string | undefined;
  readonly provider?: string | undefined;
  /** Attached by a link or merge at this instant or later. */
  readonly attachedSince?: Date | undefined;
  /** Attached with it, as `provider/environment/id`. */
  readonly bot?: string | undefined;
}

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

type IdentityRow = Pick<IdentityEntity, (typeof COLUMNS)[number]>;

/** An identity as operators see it: without any personal field. */
export interface ListedIdentity extends Omit<IdentityRow, 'id'> {
  readonly identityId: string;
  /** It founded the account. */
  readonly isFounding: boolean;
}

/** Identities for operators: no column that is read here is sealed. */
@Injectable()
export class IdentityDirectory {
  constructor(private readonly database: Database) {}

  /** Newest first; one more than the limit of the page. */
  async list(filter: IdentityFilter, keyset: Keyset): Promise<readonly ListedIdentity[]> {
    const found = await this.database.read((manager) =>
      newestFirst(filtered(manager, filter), 'identity.id', keyset),
    );
    return found.map(listed);
  }

  /** @throws AppError identity.not_found */
  async get(identityId: string): Promise<ListedIdentity> {
    const found = await this.database.read((manager) =>
      filtered(manager, {}).andWhere('identity.id = :identityId', { identityId }).getOne(),
    );
    if (!found) throw identityError('identity.not_found');
    return listed(found);
  }
}

function listed({ id: identityId, ...identity }: IdentityRow): ListedIdentity {
  return { identityId, ...identity, isFounding: identity.attachedAt === null };
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
