import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type Sealed } from '@countersign/crypto';
import { rows, type RowOf } from '@countersign/database';
import { unlessUnreadable } from '@countersign/keys';
import { Logger } from '@countersign/observability';
import { openDataKey } from '../store/data-keys';
import { IdentitiesRepository, type ProfileChange } from '../store/identities.repository';
import { openContent } from '../store/profile-sealing';
import { PROFILE } from '../store/user.columns';
import type { ProfileField } from '../user';

/** A field that an application may store. */
interface NeededField {
  readonly applicationId: string;
  readonly field: ProfileField;
}

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
const FIND_UNNEEDED = `
  SELECT i.id, i.user_id AS "userId", u.data_key AS "dataKey", needed.fields AS needed, ${PROFILE.selected}
  FROM identities i JOIN users u ON u.id = i.user_id
  CROSS JOIN LATERAL (
    SELECT ARRAY(
      SELECT field FROM unnest($2::uuid[], $3::text[]) AS batch (application_id, field)
      JOIN user_applications v USING (application_id) WHERE v.user_id = i.user_id
    ) AS fields
  ) AS needed
  WHERE i.id = ANY($1::uuid[]) AND NOT i.stored_fields <@ needed.fields`;

interface UnneededRow extends RowOf<typeof PROFILE> {
  readonly id: string;
  readonly userId: string;
  readonly dataKey: Sealed;
  readonly needed: readonly ProfileField[];
}

/** Clears fields of identities that no application of their person needs any more. */
@Injectable()
export class UnneededFields {
  constructor(
    private readonly identities: IdentitiesRepository,
    private readonly keyRing: KeyRing,
    private readonly logger: Logger,
  ) {}

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
    const found = await rows<UnneededRow>(tx, FIND_UNNEEDED, [
      ids,
      needed.map(({ applicationId }) => applicationId),
      needed.map(({ field }) => field),
    ]);
    const changes: ProfileChange[] = [];
    for (const row of found) {
      const of = { work: 'fields of proofs', row: row.id };
      const change = await unlessUnreadable(this.logger, of, () => this.without(row));
      if (change) changes.push(change);
    }
    if (changes.length > 0) await this.identities.updateProfiles(tx, changes, now);
    return { cleared: changes.length, lastId: last };
  }

  private without({ id, userId, needed, ...row }: UnneededRow): ProfileChange {
    const dataKey = openDataKey(this.keyRing, userId, row.dataKey);
    const content = openContent(dataKey, id, row.content);
    const isNeeded = (field: ProfileField) => needed.includes(field);
    return {
      identityId: id,
      dataKey,
      content: () => content,
      update: {
        values: new Map(row.storedFields.filter((field) => !isNeeded(field)).map((field) => [field, null])),
        assertedFields: row.assertedFields.filter(isNeeded),
        platformFields: row.platformFields.filter(isNeeded),
        profileMadeAt: row.profileMadeAt,
        phoneMadeAt: isNeeded('phoneNumber') ? row.phoneMadeAt : null,
      },
    };
  }
}
