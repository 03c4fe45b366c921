import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BlindIndex, Sealed } from '@countersign/crypto';
import { firstRow, rows } from '@countersign/database';
import type { Step } from '@countersign/keys';

/** A table of secrets, and that of their digests. */
export interface DigestedTable {
  readonly secrets: 'bots' | 'rapidpace_secrets';
  readonly column: 'token' | 'secret';
  readonly digests: 'bot_token_digests' | 'rapidpace_secret_digests';
  readonly owner: 'bot_id' | 'secret_id';
  /** Columns that both tables have. */
  readonly shared: readonly 'application_id'[];
}

export interface DigestedSecret {
  readonly id: string;
  readonly sealed: Sealed;
  readonly isDigested: boolean;
}

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

const digested = ({ digests, owner }: DigestedTable): string =>
  `EXISTS (SELECT 1 FROM ${digests} d WHERE d.${owner} = kept.id AND d.key_id = $1)`;

/** The digests of secrets, for all secrets at once. */
@Injectable()
export class SecretDigestsRepository {
  async countLacking(manager: EntityManager, table: DigestedTable, keyId: string): Promise<number> {
    return this.count(manager, `${table.secrets} kept WHERE NOT ${digested(table)}`, keyId);
  }

  async lookAt(
    manager: EntityManager,
    table: DigestedTable,
    keyId: string,
    { after, limit }: Step,
  ): Promise<readonly DigestedSecret[]> {
    return rows<DigestedSecret>(
      manager,
      `SELECT kept.id, kept.${table.column} AS sealed, ${digested(table)} AS "isDigested"
       FROM ${table.secrets} kept WHERE kept.id > $2::uuid ORDER BY kept.id LIMIT $3`,
      [keyId, after === '' ? BEFORE_ALL : after, limit],
    );
  }

  /** Those of secrets that are removed meanwhile are left out. */
  async insert(
    tx: EntityManager,
    { secrets, digests, owner, shared }: DigestedTable,
    added: readonly (BlindIndex & { readonly id: string })[],
  ): Promise<void> {
    const more = shared.map((column) => `, ${column}`).join('');
    await tx.query(
      `INSERT INTO ${digests} (key_id, digest, ${owner}${more})
       SELECT batch.key_id, batch.digest, kept.id${shared.map((column) => `, kept.${column}`).join('')}
       FROM unnest($1::text[], $2::bytea[], $3::uuid[]) AS batch (key_id, digest, id)
       JOIN (SELECT * FROM ${secrets} WHERE id = ANY($3::uuid[]) FOR KEY SHARE) AS kept ON kept.id = batch.id
       ON CONFLICT DO NOTHING`,
      [added.map(({ keyId }) => keyId), added.map(({ digest }) => digest), added.map(({ id }) => id)],
    );
  }

  async delete(tx: EntityManager, { digests }: DigestedTable, keyId: string, limit: number): Promise<number> {
    const deleted = await rows(
      tx,
      `DELETE FROM ${digests} WHERE key_id = $1 AND digest = ANY(ARRAY(
         SELECT digest FROM ${digests} WHERE key_id = $1 LIMIT $2
       )) RETURNING true`,
      [keyId, limit],
    );
    return deleted.length;
  }

  private async count(manager: EntityManager, from: string, keyId: string): Promise<number> {
    const found = await firstRow<{ count: number }>(manager, `SELECT count(*)::int AS count FROM ${from}`, [
      keyId,
    ]);
    return found?.count ?? 0;
  }
}
