import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

export const teamHistoryActions = [
  'created',
  'changed',
  'joined',
  'left',
  'removed',
  'role_changed',
  'ownership_transferred',
  'deleted',
  'restored',
  'invitation_created',
  'invitation_revoked',
] as const;
export type TeamHistoryAction = (typeof teamHistoryActions)[number];

/** What happened in a team. Kept for a year. */
@Entity('team_history')
@Index('ix_team_history_team', ['teamId', 'id'])
@Index('ix_team_history_actor', ['actorId'], { where: 'actor_id IS NOT NULL' })
@Index('ix_team_history_subject', ['subjectId'], { where: 'subject_id IS NOT NULL' })
export class TeamHistoryEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_team_history' })
  id: string;

  @ForeignKey('TeamEntity', { name: 'fk_team_history_team', onDelete: 'CASCADE' })
  @Column({ name: 'team_id', type: 'uuid' })
  teamId: string;

  /** Who did it; `null` for the service, and when that account was erased. */
  @ForeignKey('UserEntity', { name: 'fk_team_history_actor', onDelete: 'SET NULL' })
  @Column({ name: 'actor_id', type: 'uuid', nullable: true })
  actorId: string | null;

  /** The member that it is about. */
  @ForeignKey('UserEntity', { name: 'fk_team_history_subject', onDelete: 'SET NULL' })
  @Column({ name: 'subject_id', type: 'uuid', nullable: true })
  subjectId: string | null;

  @Column({ type: 'text' })
  action: TeamHistoryAction;

  /** Enumerated words and names of fields: no ids of people, no text. */
  @Column({ type: 'jsonb', default: {} })
  details: Readonly<Record<string, string>>;

  @Index('ix_team_history_at')
  @Column({ type: 'timestamptz' })
  at: Date;
}
