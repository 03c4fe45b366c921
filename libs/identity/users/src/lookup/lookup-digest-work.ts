import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type Sealed } from '@countersign/crypto';
import { BringsToActiveKey, DigestedRowsRepository, DigestWork } from '@countersign/keys';
import { Logger } from '@countersign/observability';
import { openDataKey } from '../store/data-keys';
import { openField, profileColumns } from '../store/profile-sealing';
import { LookupDigestsRepository, type KnownValues } from './lookup-digests.repository';

interface SealedValues {
  readonly id: string;
  readonly userId: string;
  readonly dataKey: Sealed;
  readonly username: Sealed | null;
  readonly phoneNumber: Sealed | null;
}

/** Whether a field of the identity `r` that is switched on has a value without digest under the key `$1`. */
const LACKS = `EXISTS (
  SELECT FROM (VALUES ('username', r.username), ('phoneNumber', r.phone_number)) AS v (field, value)
  JOIN lookup_fields f ON f.field = v.field AND f.is_on
  WHERE v.value IS NOT NULL AND NOT EXISTS (
    SELECT FROM lookup_digests d WHERE d.identity_id = r.id AND d.field = v.field AND d.key_id = $1))`;

/** Digests of looked-up fields under the active key: after a rotation, and where a field was switched on. */
@Injectable()
@BringsToActiveKey()
export class LookupDigestWork extends DigestWork<SealedValues> {
  protected readonly rows = new DigestedRowsRepository<SealedValues>({
    values: 'identities',
    primaryKey: 'id',
    digests: 'lookup_digests',
    owner: 'identity_id',
    lacks: LACKS,
    columns:
      'r.id, r.user_id AS "userId", u.data_key AS "dataKey", r.username, r.phone_number AS "phoneNumber"',
    joins: 'JOIN users u ON u.id = r.user_id',
    lock: 'NO KEY UPDATE OF r',
  });

  constructor(
    private readonly repository: LookupDigestsRepository,
    keyRing: KeyRing,
    logger: Logger,
  ) {
    super(keyRing, logger);
  }

  protected async digest(tx: EntityManager, free: readonly SealedValues[]): Promise<number> {
    const known: KnownValues[] = [];
    for (const identity of free) {
      const values = await this.attempt(identity.id, () => this.open(identity));
      if (values) known.push({ identityId: identity.id, values });
    }
    await this.repository.insert(tx, known);
    return known.length;
  }

  private open({ id, userId, dataKey, username, phoneNumber }: SealedValues): KnownValues['values'] {
    const key = openDataKey(this.keyRing, userId, dataKey);
    return {
      username: openField(key, id, profileColumns.username, username),
      phoneNumber: openField(key, id, profileColumns.phoneNumber, phoneNumber),
    };
  }
}
