import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * A team of one application. The database holds that it has exactly one owner: the foreign key to the owner's row of
 * `team_members`, and there the unique index of owners.
 */
@Entity('teams')
@Unique('uq_teams_application', ['id', 'applicationId'])
@Unique('uq_teams_name', ['applicationId', 'nameKey'])
@Index('ix_teams_application', ['applicationId', 'id'])
@Index('ix_teams_creator', ['createdBy', 'applicationId', 'id'])
@Index('ix_teams_deleted_at', ['deletedAt'], { where: 'deleted_at IS NOT NULL' })
@Check('chk_teams_owner_role', `owner_role = 'owner'`)
@Check('chk_teams_member_count', 'member_count > 0')
@ForeignKey('TeamMemberEntity', ['id', 'ownerId', 'ownerRole'], ['teamId', 'userId', 'role'], {
  name: 'fk_teams_owner',
  deferrable: 'INITIALLY DEFERRED',
})
export class TeamEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_teams' })
  id: string;

  @ForeignKey('ApplicationEntity', { name: 'fk_teams_application' })
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
  @ForeignKey('UserEntity', { name: 'fk_teams_creator', onDelete: 'SET NULL' })
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
