import { Column, Entity, PrimaryColumn } from 'typeorm';

/** For how long a merge or a link can be separated. */
export const SEPARATION_DAYS = 7;

/** Settings of the whole installation: one row. */
@Entity('installation')
export class InstallationEntity {
  @PrimaryColumn({
    name: 'is_only',
    type: 'boolean',
    default: true,
  })
  isOnly: boolean;

  /** Whether operators find accounts by usernames at platforms. */
  @Column({ name: 'username_lookup', type: 'boolean', default: false })
  usernameLookup: boolean;

  /** Whether all usernames have digests: a miss is one then. */
  @Column({ name: 'lookup_is_complete', type: 'boolean', default: false })
  lookupIsComplete: boolean;

  @Column({ name: 'lookup_switched_at', type: 'timestamptz', nullable: true })
  lookupSwitchedAt: Date | null;

  /** When the pass over all identities began, or the last one; `null` before the first. */
  @Column({ name: 'lookup_pass_at', type: 'timestamptz', nullable: true })
  lookupPassAt: Date | null;

  /** The last identity that the pass has looked at; `null` when none is under way. */
  @Column({ name: 'lookup_position', type: 'uuid', nullable: true })
  lookupPosition: string | null;

  /** How many identities the pass left out, since they were locked. */
  @Column({ name: 'lookup_skipped', type: 'integer', default: 0 })
  lookupSkipped: number;

  /** When this database was last found to be a restored backup; `null` if never. */
  @Column({ name: 'restored_at', type: 'timestamptz', nullable: true })
  restoredAt: Date | null;
}
