import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing } from '@countersign/crypto';
import { BLIND_INDEX, columns, rows, type RowOf } from '@countersign/database';
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

const DELETE_OFF = `
  DELETE FROM lookup_digests WHERE ctid = ANY(ARRAY(
    SELECT d.ctid FROM lookup_digests d
    WHERE d.field IN (SELECT f.field FROM lookup_fields f WHERE NOT f.is_on) LIMIT $1
  )) RETURNING true`;

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

  /** Of fields that are switched off. @returns how many rows were deleted */
  async deleteOff(tx: EntityManager, limit: number): Promise<number> {
    return (await rows(tx, DELETE_OFF, [limit])).length;
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
