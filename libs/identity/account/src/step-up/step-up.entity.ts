import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Expires } from '@countersign/database';
import { DAY, SECOND } from '@countersign/runtime';

/** A step-up for one act. The rows of the sessions name the account. */
@Entity('step_ups')
@Expires({
  at: 'expiresAt',
  after: DAY / SECOND,
  data: 'codes of step-ups',
  stored: 'a day after they expired',
})
export class StepUpEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** The name of the act in `defineActs`. */
  @Column({ type: 'text' })
  act: string;

  /** The session that asked for the code; `null` where the code is that of a join. */
  @Column({ type: 'uuid', nullable: true })
  askingSessionId: string | null;

  /** SHA-256 of the code; `null` without one. */
  @Column({ type: 'bytea', nullable: true })
  codeDigest: Buffer | null;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  /** The session that is stepped up; `null` until then. */
  @Column({ type: 'uuid', nullable: true })
  sessionId: string | null;

  /** SHA-256 of the grant. For a join: of this digest and the digest of the join's code. */
  @Column({ type: 'bytea', nullable: true })
  grantDigest: Buffer | null;

  @Column({ type: 'timestamptz', nullable: true })
  grantExpiresAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  usedAt: Date | null;
}
