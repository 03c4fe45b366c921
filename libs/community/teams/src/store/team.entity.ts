import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A team of one application. The database holds that it has exactly one owner: the foreign key to the owner's row of
 * `team_members`, and there the unique index of owners.
 */
@Entity('teams')
export class TeamEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  name: string;

  /** Equal for names that look alike, see `foldTeamName`. */
  @Column({ name: 'name_key', type: 'text', collation: 'C' })
  nameKey: string;

  @Column({ type: 'text', nullable: true })
  description: string | null;

  @Column({ name: 'logo_url', type: 'text', nullable: true })
  logoUrl: string | null;

  @Column({ name: 'banner_url', type: 'text', nullable: true })
  bannerUrl: string | null;

  @Column({ name: 'website_url', type: 'text', nullable: true })
  websiteUrl: string | null;

  @Column({ name: 'social_links', type: 'text', array: true, default: [] })
  socialLinks: string[];

  /** `null` when that account was erased. */
  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  createdBy: string | null;

  @Column({ name: 'owner_id', type: 'uuid' })
  ownerId: string;

  /** Constant: a part of the foreign key. */
  @Column({ name: 'owner_role', type: 'text', default: 'owner' })
  ownerRole: 'owner';

  @Column({ name: 'member_count', type: 'integer' })
  memberCount: number;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;

  /** It can be restored for seven days from then on. */
  @Column({ name: 'deleted_at', type: 'timestamptz', nullable: true })
  deletedAt: Date | null;
}
