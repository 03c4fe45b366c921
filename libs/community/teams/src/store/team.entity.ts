import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TeamRole } from '../team-roles';

/**
 * A team of one application. The database holds that it has exactly one owner: the foreign key to the owner's row of
 * `team_members`, and there the unique index of owners.
 */
@Entity('teams')
export class TeamEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  name: string;

  /** Equal for names that look alike, see `foldTeamName`. */
  @Column({ type: 'text', collation: 'C' })
  nameKey: string;

  @Column({ type: 'text', nullable: true })
  description: string | null;

  @Column({ type: 'text', nullable: true })
  logoUrl: string | null;

  @Column({ type: 'text', nullable: true })
  bannerUrl: string | null;

  @Column({ type: 'text', nullable: true })
  websiteUrl: string | null;

  @Column({ type: 'text', array: true, default: [] })
  socialLinks: string[];

  /** `null` when that account was erased. */
  @Column({ type: 'uuid', nullable: true })
  createdBy: string | null;

  @Column({ type: 'uuid' })
  ownerId: string;

  /** Constant: a part of the foreign key. */
  @Column({ type: 'text', default: 'owner' })
  ownerRole: 'owner';

  @Column({ type: 'integer' })
  memberCount: number;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

@Entity('team_members')
export class TeamMemberEntity {
  @PrimaryColumn({ type: 'uuid' })
  teamId: string;

  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  /** Of the team, for the list of a person's teams in one application. */
  @Column({ type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  role: TeamRole;

  @Column({ type: 'timestamptz' })
  joinedAt: Date;

  /** `null` for the creator of the team, and when that account was erased. */
  @Column({ type: 'uuid', nullable: true })
  invitedBy: string | null;
}
