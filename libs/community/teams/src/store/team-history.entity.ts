import { Column, Entity, PrimaryColumn } from 'typeorm';

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
export class TeamHistoryEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'team_id', type: 'uuid' })
  teamId: string;

  /** Who did it; `null` for the service, and when that account was erased. */
  @Column({ name: 'actor_id', type: 'uuid', nullable: true })
  actorId: string | null;

  /** The member that it is about. */
  @Column({ name: 'subject_id', type: 'uuid', nullable: true })
  subjectId: string | null;

  @Column({ type: 'text' })
  action: TeamHistoryAction;

  /** Enumerated words and names of fields: no ids of people, no text. */
  @Column({ type: 'jsonb', default: {} })
  details: Readonly<Record<string, string>>;

  @Column({ type: 'timestamptz' })
  at: Date;
}
