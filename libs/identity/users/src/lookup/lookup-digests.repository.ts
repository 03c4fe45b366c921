import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type Sealed } from '@countersign/crypto';
import { BLIND_INDEX, columns, firstRow, rows, type RowOf } from '@countersign/database';
import type { Step } from '@countersign/keys';
import type { Profile } from '../user';
import { lookupDigestsOf, lookupFields, type LookupField } from './lookup-field';
import type { LookupDigestEntity } from './lookup.entity';

/** Part of a statement that writes identities: the fields whose digests have to follow. Costs no statement of its own. */
export const FIELDS_ON = `ARRAY(SELECT field FROM lookup_fields WHERE is_on) AS "lookupFields"`;

export interface FieldsOn {
  readonly lookupFields: readonly LookupField[];
}

/** An identity with values that became known. */
export interface KnownValues {
  readonly identityId: string;
  readonly values: Readonly<Partial<Pick<Profile, LookupField>>>;
}

/** An identity, its fields and whether those that are switched on have digests under the key that was asked for. */
export interface LookedAt {
  readonly id: string;
  readonly isDigested: boolean;
}

/** An identity that is locked until the end of the transaction. */
export interface LockedValues {
  readonly id: string;
  readonly userId: string;
  readonly dataKey: Sealed;
  readonly username: Sealed | null;
  readonly phoneNumber: Sealed | null;
}

const LOOKUP_DIGEST = columns<Pick<LookupDigestEntity, 'identityId' | 'field'>>({
  identityId: 'uuid',
  field: 'text',
}).and(BLIND_INDEX);

/** The rows of the identity that its values do not need are deleted by the trigger of `identities`. */
const INSERT = `
  INSERT INTO lookup_digests (${LOOKUP_DIGEST.names})
  SELECT ${LOOKUP_DIGEST.names} FROM (${LOOKUP_DIGEST.unnest()}) AS wanted
  WHERE field IN (SELECT f.field FROM lookup_fields f WHERE f.is_on)
  ORDER BY identity_id, field, key_id
  ON CONFLICT (identity_id, field, key_id) DO UPDATE SET digest = excluded.digest`;

/** Whether a field of the identity `i` that is switched on has a value without digest under the key `$1`. */
const LACKS = `EXISTS (
  SELECT FROM (VALUES ('username', i.username), ('phoneNumber', i.phone_number)) AS v (field, value)
  JOIN lookup_fields f ON f.field = v.field AND f.is_on
  WHERE v.value IS NOT NULL AND NOT EXISTS (
    SELECT FROM lookup_digests d WHERE d.identity_id = i.id AND d.field = v.field AND d.key_id = $1))`;

const LOOK_AT = `
  SELECT i.id, NOT ${LACKS} AS "isDigested" FROM identities i WHERE i.id > $2::uuid ORDER BY i.id LIMIT $3`;

/** A statement that finds a row changed meanwhile reads the current one. */
const LOCK_FREE = `
  SELECT i.id, i.user_id AS "userId", u.data_key AS "dataKey", i.username, i.phone_number AS "phoneNumber"
  FROM identities i JOIN users u ON u.id = i.user_id
  WHERE i.id = ANY($1::uuid[]) ORDER BY i.id FOR NO KEY UPDATE OF i SKIP LOCKED`;

const DELETE = (where: string): string => `
  DELETE FROM lookup_digests WHERE ctid = ANY(ARRAY(
    SELECT d.ctid FROM lookup_digests d WHERE ${where} LIMIT $1
  )) RETURNING true`;

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** What operators find accounts by, besides the ids of platforms. */
@Injectable()
export class LookupDigestsRepository {
  constructor(private readonly keyRing: KeyRing) {}

  /**
   * Writes the digests of new values, of fields that are switched on. The caller holds the locks of the identities.
   * Without such a value there is no statement.
   */
  async insert(
    tx: EntityManager,
    known: readonly KnownValues[],
    fields: readonly LookupField[] = lookupFields,
  ): Promise<void> {
    const batch = known.flatMap((identity) => this.digestsOf(identity, fields));
    if (batch.length > 0) await tx.query(INSERT, LOOKUP_DIGEST.arraysOf(batch));
  }

  async countLacking(manager: EntityManager, keyId: string): Promise<number> {
    const found = await firstRow<{ count: number }>(
      manager,
      `SELECT count(*)::int AS count FROM identities i WHERE ${LACKS}`,
      [keyId],
    );
    return found?.count ?? 0;
  }

  async lookAt(manager: EntityManager, keyId: string, { after, limit }: Step): Promise<readonly LookedAt[]> {
    return rows(manager, LOOK_AT, [keyId, after === '' ? BEFORE_ALL : after, limit]);
  }

  /** Those that no other transaction holds. */
  async lockFree(tx: EntityManager, ids: readonly string[]): Promise<readonly LockedValues[]> {
    return rows(tx, LOCK_FREE, [ids]);
  }

  /** @returns how many rows were deleted */
  async deleteUnder(tx: EntityManager, keyId: string, limit: number): Promise<number> {
    return (await rows(tx, DELETE('d.key_id = $2'), [limit, keyId])).length;
  }

  /** Of fields that are switched off. @returns how many rows were deleted */
  async deleteOff(tx: EntityManager, limit: number): Promise<number> {
    const isOff = 'd.field IN (SELECT f.field FROM lookup_fields f WHERE NOT f.is_on)';
    return (await rows(tx, DELETE(isOff), [limit])).length;
  }

  private digestsOf(
    { identityId, values }: KnownValues,
    fields: readonly LookupField[],
  ): readonly RowOf<typeof LOOKUP_DIGEST>[] {
    return fields.flatMap((field) => {
      const value = values[field] ?? null;
      if (value === null) return [];
      return lookupDigestsOf(this.keyRing, field, value).map((index) => ({ ...index, identityId, field }));
    });
  }
}
