import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The latest high-water mark that this database shares with the ledger of erasures. One row. */
@Entity('erasure_marks')
@Check('chk_erasure_marks_only', 'is_only')
export class ErasureMarkEntity {
  @PrimaryColumn({
    name: 'is_only',
    type: 'boolean',
    default: true,
    primaryKeyConstraintName: 'pk_erasure_marks',
  })
  isOnly: boolean;

  /** Of the installation, and the same in its ledger. */
  @Column({ type: 'uuid' })
  lineage: string;

  /** Written to the ledger before. pg answers a bigint as text. */
  @Column({ type: 'bigint' })
  mark: string;

  /** Being written to the ledger; `mark` otherwise. */
  @Column({ name: 'next_mark', type: 'bigint' })
  nextMark: string;

  @Column({ name: 'marked_at', type: 'timestamptz' })
  markedAt: Date;

  /** When this database was last found to be a restored backup; `null` if never. */
  @Column({ name: 'restored_at', type: 'timestamptz', nullable: true })
  restoredAt: Date | null;
}
