import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TeamRole } from '../team-roles';

/** The public fields of a team and of a listing. */
export abstract class ShownEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  name: string;

  /** The key is equal for names that look alike. See `foldTeamName`. */
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

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

/**
 * A team of one application. The database enforces exactly one owner: a foreign key refers to the owner's row of
 * `team_members`, which has a unique index of owners.
 */
@Entity('teams')
export class TeamEntity extends ShownEntity {
  /** It is `null` after the erasure of the account. */
  @Column({ type: 'uuid', nullable: true })
  createdBy: string | null;

  @Column({ type: 'uuid' })
  ownerId: string;

  /** It is constant, because the foreign key contains it. */
  @Column({ type: 'text', default: 'owner' })
  ownerRole: 'owner';

  @Column({ type: 'integer' })
  memberCount: number;
}

@Entity('team_members')
export class TeamMemberEntity {
  @PrimaryColumn({ type: 'uuid' })
  teamId: string;

  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  /** The application of the team, for lists of a person's teams in one application. */
  @Column({ type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  role: TeamRole;

  @Column({ type: 'timestamptz' })
  joinedAt: Date;

  /** It is `null` for the creator of the team, and after the erasure of the account. */
  @Column({ type: 'uuid', nullable: true })
  invitedBy: string | null;
}
