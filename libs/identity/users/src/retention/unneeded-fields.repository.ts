import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import { profileColumns, profileFields } from '../store/profile-sealing';
import type { ProfileField } from '../user';

/** A field that an application may store. */
interface NeededField {
  readonly applicationId: string;
  readonly field: ProfileField;
}

const isUnneeded = (field: ProfileField): string =>
  `NOT EXISTS (SELECT FROM user_applications v JOIN needed ON needed.application_id = v.application_id
     WHERE v.user_id = i.user_id AND needed.field = '${field}')`;

export interface ClearedBatch {
  /** How many identities were changed. */
  readonly cleared: number;
  /** The id to go on after; `null` when it was the last batch. */
  readonly lastId: string | null;
}

/** People without a visit were seen before visits were noted: nothing is known of their applications. */
const LOCK_BATCH = `
  SELECT i.id FROM identities i JOIN users u ON u.id = i.user_id
  WHERE i.id > $1::uuid AND EXISTS (SELECT FROM user_applications v WHERE v.user_id = i.user_id)
  ORDER BY i.id LIMIT $2
  FOR NO KEY UPDATE OF u, i SKIP LOCKED`;

/** A statement of its own after the locks, so that it sees the visits of sign-ins that were waited for. */
const CLEAR = `
  WITH needed AS (
    SELECT * FROM unnest($2::uuid[], $3::text[]) AS batch (application_id, field)
  ), judged AS (
    SELECT i.id, array_remove(ARRAY[
      ${profileFields.map((field) => `CASE WHEN ${isUnneeded(field)} THEN '${field}' END`).join(',\n      ')}
    ], NULL) AS unneeded
    FROM identities i WHERE i.id = ANY($1::uuid[])
  )
  UPDATE identities i SET
    ${profileFields
      .map((field) => profileColumns[field])
      .map(
        (column, index) =>
          `${column} = CASE WHEN '${profileFields[index]}' = ANY(unneeded) THEN NULL ELSE ${column} END`,
      )
      .join(',\n    ')},
    phone_made_at = CASE WHEN 'phoneNumber' = ANY(unneeded) THEN NULL ELSE phone_made_at END,
    asserted_fields = ARRAY(SELECT unnest(asserted_fields) EXCEPT SELECT unnest(unneeded)),
    platform_fields = ARRAY(SELECT unnest(platform_fields) EXCEPT SELECT unnest(unneeded)),
    updated_at = $4
  FROM judged
  WHERE judged.id = i.id AND (
    ${profileFields
      .map((field) => `('${field}' = ANY(unneeded) AND i.${profileColumns[field]} IS NOT NULL)`)
      .join('\n    OR ')}
  )
  RETURNING i.id`;

/** Clears fields of identities that no application of their person needs any more. */
@Injectable()
export class UnneededFields {
  /** One batch, in the order of ids. Identities that a sign-in holds are left to the next run. */
  async clear(
    tx: EntityManager,
    needed: readonly NeededField[],
    { afterId, limit, now }: { readonly afterId: string; readonly limit: number; readonly now: Date },
  ): Promise<ClearedBatch> {
    const locked = await rows<{ id: string }>(tx, LOCK_BATCH, [afterId, limit]);
    const ids = locked.map(({ id }) => id);
    const last = ids.at(-1);
    if (last === undefined) return { cleared: 0, lastId: null };
    const cleared = await rows(tx, CLEAR, [
      ids,
      needed.map(({ applicationId }) => applicationId),
      needed.map(({ field }) => field),
      now,
    ]);
    return { cleared: cleared.length, lastId: last };
  }
}
