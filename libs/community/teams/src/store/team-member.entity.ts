import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TeamRole } from '../team-roles';

@Entity('team_members')
export class TeamMemberEntity {
  @PrimaryColumn({ name: 'team_id', type: 'uuid' })
  teamId: string;

  @PrimaryColumn({ name: 'user_id', type: 'uuid' })
  userId: string;

  /** Of the team, for the list of a person's teams in one application. */
  @Column({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  role: TeamRole;

  @Column({ name: 'joined_at', type: 'timestamptz' })
  joinedAt: Date;

  /** `null` for the creator of the team, and when that account was erased. */
  @Column({ name: 'invited_by', type: 'uuid', nullable: true })
  invitedBy: string | null;
}
