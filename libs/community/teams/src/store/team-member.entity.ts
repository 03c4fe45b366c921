import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TeamRole } from '../team-roles';

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
