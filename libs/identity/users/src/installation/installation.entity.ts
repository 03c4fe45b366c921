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

  @Column({ type: 'timestamptz', nullable: true })
  lookupSwitchedAt: Date | null;

  /** The last identity that has got its digest since the look-up was switched on; `null` when all have. */
  @Column({ type: 'uuid', nullable: true })
  lookupPosition: string | null;

  /** When this database was last found to be a restored backup; `null` if never. */
  @Column({ type: 'timestamptz', nullable: true })
  restoredAt: Date | null;
}
