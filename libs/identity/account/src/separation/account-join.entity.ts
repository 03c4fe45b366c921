import { Column, Entity, PrimaryColumn } from 'typeorm';
import { sealedJson, type AssociatedData, type Sealed } from '@countersign/crypto';
import { Personal, Secret, Expires } from '@countersign/database';
import { MINUTE, SECOND } from '@countersign/runtime';
import { SEPARATION_DAYS, type MovedRowsByName } from '@countersign/users';

/** A merge that can be separated again. */
@Entity('account_joins')
@Expires({
  at: 'separableUntil',
  // Clocks of replicas differ. After this time, no replica can separate the merge.
  after: MINUTE / SECOND,
  data: 'records of merges',
  stored: `${SEPARATION_DAYS} days, while the merge can be separated`,
})
export class AccountJoinEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** The account that now has the merged data. */
  @Column({ type: 'uuid' })
  userId: string;

  /** The account that absorbed the merged one. It may have been merged itself since then. */
  @Column({ type: 'uuid' })
  survivorId: string;

  @Column({ type: 'uuid' })
  mergedUserId: string;

  @Column({ type: 'uuid', array: true })
  identityIds: readonly string[];

  /** The data key of the merged account, which gets it back. */
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

/** The rows that a merge moved, and the state that the account data of each module stored under its name. */
export interface JournalRecords {
  readonly rows: MovedRowsByName;
  readonly states: Readonly<Record<string, unknown>>;
}

export const sealedJournal = sealedJson<JournalRecords>('account_joins', 'journal');

export function keyAad(id: string): AssociatedData {
  return { table: 'account_joins', column: 'data_key', row: id };
}
