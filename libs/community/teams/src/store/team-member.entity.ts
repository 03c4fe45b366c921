import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { TeamRole } from '../team-roles';

@Entity('team_members')
@Unique('uq_team_members_role', ['teamId', 'role', 'userId'])
@Index('uq_team_members_owner', ['teamId'], { unique: true, where: `role = 'owner'` })
@Index('ix_team_members_user', ['userId', 'applicationId', 'teamId'])
@Index('ix_team_members_inviter', ['invitedBy'], { where: 'invited_by IS NOT NULL' })
@Check('chk_team_members_role', `role IN ('owner', 'admin', 'editor', 'viewer')`)
@ForeignKey('TeamEntity', ['teamId', 'applicationId'], ['id', 'applicationId'], {
  name: 'fk_team_members_team',
  onDelete: 'CASCADE',
})
export class TeamMemberEntity {
  @PrimaryColumn({ name: 'team_id', type: 'uuid', primaryKeyConstraintName: 'pk_team_members' })
  teamId: string;

  @ForeignKey('UserEntity', { name: 'fk_team_members_user' })
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'pk_team_members' })
  userId: string;

  /** Of the team, for the list of a person's teams in one application. */
  @Column({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  role: TeamRole;

  @Column({ name: 'joined_at', type: 'timestamptz' })
  joinedAt: Date;

  /** `null` for the creator of the team, and when that account was erased. */
  @ForeignKey('UserEntity', { name: 'fk_team_members_inviter', onDelete: 'SET NULL' })
  @Column({ name: 'invited_by', type: 'uuid', nullable: true })
  invitedBy: string | null;
}
