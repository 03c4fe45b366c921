import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { firstRow, rows, type RowOf } from '@countersign/database';
import type { Step } from '@countersign/keys';
import { IDENTITY_DIGEST } from '../store/user.columns';
import { INSERT_DIGESTS } from '../store/users.sql';

/** An identity, and whether it has a digest under the key that was asked for. */
export interface DigestedIdentity {
  readonly id: string;
  readonly userId: string;
  readonly dataKey: Sealed;
  readonly provider: string;
  readonly environment: string;
  readonly subject: Sealed;
  readonly isDigested: boolean;
}

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

const LACKING = `
  FROM identities i WHERE NOT EXISTS (
    SELECT 1 FROM identity_digests d WHERE d.identity_id = i.id AND d.key_id = $1
  )`;

/** The digests that identities are found by, for all identities at once. */
@Injectable()
export class IdentityDigestsRepository {
  async countLacking(manager: EntityManager, keyId: string): Promise<number> {
    const found = await firstRow<{ count: number }>(manager, `SELECT count(*)::int AS count ${LACKING}`, [
      keyId,
    ]);
    return found?.count ?? 0;
  }

  async lookAt(
    manager: EntityManager,
    keyId: string,
    { after, limit }: Step,
  ): Promise<readonly DigestedIdentity[]> {
    return rows<DigestedIdentity>(
      manager,
      `SELECT i.id, i.user_id AS "userId", u.data_key AS "dataKey", i.provider, i.environment, i.subject,
         EXISTS (SELECT 1 FROM identity_digests d WHERE d.identity_id = i.id AND d.key_id = $1) AS "isDigested"
       FROM identities i JOIN users u ON u.id = i.user_id WHERE i.id > $2::uuid ORDER BY i.id LIMIT $3`,
      [keyId, after === '' ? BEFORE_ALL : after, limit],
    );
  }

  async insert(tx: EntityManager, digests: readonly RowOf<typeof IDENTITY_DIGEST>[]): Promise<void> {
    await tx.query(INSERT_DIGESTS, IDENTITY_DIGEST.arraysOf(digests));
  }

  async delete(tx: EntityManager, keyId: string, limit: number): Promise<number> {
    const deleted = await rows(
      tx,
      `DELETE FROM identity_digests WHERE key_id = $1 AND digest = ANY(ARRAY(
         SELECT digest FROM identity_digests WHERE key_id = $1 LIMIT $2
       )) RETURNING true`,
      [keyId, limit],
    );
    return deleted.length;
  }
}
