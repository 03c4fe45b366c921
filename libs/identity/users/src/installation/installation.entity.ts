import { Column, Entity, PrimaryColumn } from 'typeorm';

/** For how long a merge or a link can be separated. */
export const SEPARATION_DAYS = 7;

/** Settings of the whole installation: one row. */
@Entity('installation')
export class InstallationEntity {
  @PrimaryColumn({ type: 'boolean', default: true })
  isOnly: boolean;

  /** Whether operators find accounts by usernames at platforms. */
  @Column({ type: 'boolean', default: false })
  usernameLookup: boolean;

  /** Whether all usernames have digests: a miss is one then. */
  @Column({ type: 'boolean', default: false })
  lookupIsComplete: boolean;

  @Column({ type: 'timestamptz', nullable: true })
  lookupSwitchedAt: Date | null;

  /** When the pass over all identities began, or the last one; `null` before the first. */
  @Column({ type: 'timestamptz', nullable: true })
  lookupPassAt: Date | null;

  /** The last identity that the pass has looked at; `null` when none is under way. */
  @Column({ type: 'uuid', nullable: true })
  lookupPosition: string | null;

  /** How many identities the pass left out, since they were locked. */
  @Column({ type: 'integer', default: 0 })
  lookupSkipped: number;

  /** When this database was last found to be a restored backup; `null` if never. */
  @Column({ type: 'timestamptz', nullable: true })
  restoredAt: Date | null;
}
