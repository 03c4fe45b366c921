import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Assurance } from '@countersign/users';
import { Expires } from '@countersign/database';
import { DAY, SECOND } from '@countersign/runtime';

export const joinOutcomes = ['accepted', 'withdrawn', 'failed'] as const;
export type JoinOutcome = (typeof joinOutcomes)[number];

/** A request of one account to another one to become one. Whose it is stands in the row of the session. */
@Entity('joins')
@Expires({ at: 'expiresAt', after: DAY / SECOND, data: 'codes of joins', stored: 'a day after they expired' })
export class JoinEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  askingSessionId: string;

  /** SHA-256 of the code. */
  @Column({ type: 'bytea' })
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

  @Column({ type: 'smallint', default: 0 })
  failedAttempts: number;

  @Column({ type: 'timestamptz' })
  askedAt: Date;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  outcome: JoinOutcome | null;
}

export type JoinState = 'open' | 'expired' | JoinOutcome;
