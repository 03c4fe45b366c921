import { Column, Entity, PrimaryColumn } from 'typeorm';
import { sealedJson, type AssociatedData, type Sealed } from '@countersign/crypto';
import { Personal, Secret, Expires } from '@countersign/database';
import { MINUTE, SECOND } from '@countersign/runtime';
import { SEPARATION_DAYS, type MovedRowsByName } from '@countersign/users';

/** A merge that can be separated again. */
@Entity('account_joins')
@Expires({
  at: 'separableUntil',
  // Clocks of replicas differ: none can still separate the merge.
  after: MINUTE / SECOND,
  data: 'records of merges',
  stored: `${SEPARATION_DAYS} days, while the merge can be separated`,
})
export class AccountJoinEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** The account that has now what came. */
  @Column({ type: 'uuid' })
  userId: string;

  /** The account that it came to, which may have been merged itself since. */
  @Column({ type: 'uuid' })
  survivorId: string;

  @Column({ type: 'uuid' })
  mergedUserId: string;

  @Column({ type: 'uuid', array: true })
  identityIds: readonly string[];

  /** That of the merged account, which it gets back. */
  @Secret()
  @Column({ type: 'text' })
  dataKey: Sealed;

  /** JSON, under `dataKey`. */
  @Personal()
  @Column({ type: 'text' })
  journal: Sealed;

  @Column({ type: 'timestamptz' })
  joinedAt: Date;

  @Column({ type: 'timestamptz' })
  separableUntil: Date;
}

/** What a merge moved, and what the account data of each module stored of it by its name. */
export interface JournalRecords {
  readonly rows: MovedRowsByName;
  readonly states: Readonly<Record<string, unknown>>;
}

export const sealedJournal = sealedJson<JournalRecords>('account_joins', 'journal');

/** The associated data of the stored data key of a merged account. */
export function keyAad(id: string): AssociatedData {
  return { table: 'account_joins', column: 'data_key', row: id };
}
