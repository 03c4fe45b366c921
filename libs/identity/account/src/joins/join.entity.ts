import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Assurance } from '@countersign/users';
import { Expires } from '@countersign/database';
import { DAY, SECOND } from '@countersign/runtime';

export const joinOutcomes = ['accepted', 'withdrawn', 'failed'] as const;
export type JoinOutcome = (typeof joinOutcomes)[number];

/** A request to merge two accounts. The row of the asking session names the account that asks. */
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

  /** The asking page shows this number, and the person of the other account types it. */
  @Column({ type: 'smallint' })
  number: number;

  /** The weakest assurance of the asking session and its step-up. */
  @Column({ type: 'text' })
  assurance: Assurance;

  /** The bots of the session and its step-up, as `provider/environment/id`. */
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
