import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Assurance } from '@countersign/users';
import { Expires } from '@countersign/database';
import { DAY, SECOND } from '@countersign/clock';

export const joinOutcomes = ['accepted', 'declined', 'withdrawn', 'failed'] as const;
export type JoinOutcome = (typeof joinOutcomes)[number];

/** A request of one account to another one to become one. Whose it is stands in the row of the session. */
@Entity('joins')
@Expires({ at: 'expiresAt', after: DAY / SECOND, data: 'codes of joins', stored: 'a day after they expired' })
export class JoinEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'asking_session_id', type: 'uuid' })
  askingSessionId: string;

  /** SHA-256 of the code. */
  @Column({ name: 'code_digest', type: 'bytea' })
  codeDigest: Buffer;

  /** What the asking page shows, and the person of the other account types. */
  @Column({ type: 'smallint' })
  number: number;

  /** The weakest of the asking session and its step-up. */
  @Column({ type: 'text' })
  assurance: Assurance;

  /** The bots that both rest on, as `provider/environment/id`. */
  @Column({ type: 'text', array: true })
  bots: string[];

  @Column({ name: 'failed_attempts', type: 'smallint', default: 0 })
  failedAttempts: number;

  @Column({ name: 'asked_at', type: 'timestamptz' })
  askedAt: Date;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  outcome: JoinOutcome | null;
}
