import { Injectable } from '@nestjs/common';
import { Database, firstRow, rows } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { IdentityEntity } from '../store/identity.entity';
import { identityError } from '../user.errors';

export interface IdentityFilter {
  readonly userId?: string | undefined;
  readonly provider?: string | undefined;
  /** Selects identities that a link or merge attached at this instant or later. */
  readonly attachedSince?: string | undefined;
  /** A bot that took part in the attachment, as `provider/environment/id`. */
  readonly bot?: string | undefined;
}

/** An identity for operators. No selected column is sealed. */
export interface ListedIdentity extends Pick<
  IdentityEntity,
  'userId' | 'provider' | 'environment' | 'cap' | 'attachedAt' | 'attachedBy' | 'attachedWith' | 'createdAt'
> {
  readonly identityId: string;
  readonly isFounding: boolean;
}

const listed = (conditions: readonly string[]): string => `
  SELECT id AS "identityId", user_id AS "userId", provider, environment, cap, attached_at AS "attachedAt",
    attached_by AS "attachedBy", attached_with AS "attachedWith", created_at AS "createdAt", attached_at IS NULL AS "isFounding"
  FROM identities WHERE ${['true', ...conditions].join(' AND ')} ORDER BY id DESC LIMIT $1`;

@Injectable()
export class IdentityDirectory {
  constructor(private readonly database: Database) {}

  /** Returns one more than the limit. Literals let a prepared plan use partial indexes; parameters do not. */
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

  async get(identityId: string): Promise<ListedIdentity> {
    const found = await this.database.read((manager) =>
      firstRow<ListedIdentity>(manager, listed(['id = $2']), [1, identityId]),
    );
    if (!found) throw identityError('identity.not_found');
    return found;
  }
}

/** Without this, the planner expects few matches, and sorts all attached identities instead of reading the index. */
function likely(condition: string): string {
  return `CASE WHEN ${condition} THEN true ELSE false END`;
}
