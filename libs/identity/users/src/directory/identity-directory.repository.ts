import { Injectable } from '@nestjs/common';
import { Database, firstRow, rows } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { IdentityEntity } from '../store/identity.entity';
import { identityError } from '../user.errors';

export interface IdentityFilter {
  readonly userId?: string | undefined;
  readonly provider?: string | undefined;
  /** Attached by a link or merge at this instant or later. */
  readonly attachedSince?: string | undefined;
  /** Attached with it, as `provider/environment/id`. */
  readonly bot?: string | undefined;
}

/** An identity as operators see it: without any personal field. */
export interface ListedIdentity extends Pick<
  IdentityEntity,
  'userId' | 'provider' | 'environment' | 'cap' | 'attachedAt' | 'attachedBy' | 'attachedWith' | 'createdAt'
> {
  readonly identityId: string;
  /** It founded the account. */
  readonly isFounding: boolean;
}

const listed = (conditions: readonly string[]): string => `
  SELECT id AS "identityId", user_id AS "userId", provider, environment, cap, attached_at AS "attachedAt",
    attached_by AS "attachedBy", attached_with AS "attachedWith", created_at AS "createdAt", attached_at IS NULL AS "isFounding"
  FROM identities WHERE ${['true', ...conditions].join(' AND ')} ORDER BY id DESC LIMIT $1`;

/** Identities for operators: no column that is read here is sealed. */
@Injectable()
export class IdentityDirectory {
  constructor(private readonly database: Database) {}

  /**
   * Newest first; one more than the limit of the page. Conditions of partial indexes are texts: with parameters a prepared
   * plan could not use them.
   */
  async list(
    { userId, provider, attachedSince, bot }: IdentityFilter,
    { afterId, limit }: Keyset,
  ): Promise<readonly ListedIdentity[]> {
    const values: unknown[] = [limit + 1];
    const valueOf = (value: unknown): string => `$${values.push(value)}`;
    const conditions = [
      ...(userId === undefined ? [] : [`user_id = ${valueOf(userId)}`]),
      ...(provider === undefined ? [] : [`provider = ${valueOf(provider)}`]),
      ...(provider === undefined || provider === 'telegram' ? [] : [`provider <> 'telegram'`]),
      ...((attachedSince ?? bot) ? ['attached_at IS NOT NULL'] : []),
      ...(attachedSince ? [likely(`attached_at >= ${valueOf(new Date(attachedSince))}`)] : []),
      ...(bot === undefined ? [] : [likely(`${valueOf(bot)} = ANY(attached_with)`)]),
      ...(afterId === null ? [] : [`id < ${valueOf(afterId)}`]),
    ];
    return this.database.read((manager) => rows<ListedIdentity>(manager, listed(conditions), values));
  }

  /** @throws AppError identity.not_found */
  async get(identityId: string): Promise<ListedIdentity> {
    const found = await this.database.read((manager) =>
      firstRow<ListedIdentity>(manager, listed(['id = $2']), [1, identityId]),
    );
    if (!found) throw identityError('identity.not_found');
    return found;
  }
}

/**
 * A condition that the planner takes for true of every other row, so that it reads a page along the index in its order.
 * By itself it expects few rows, and would read and sort all that were ever attached.
 */
function likely(condition: string): string {
  return `CASE WHEN ${condition} THEN true ELSE false END`;
}
