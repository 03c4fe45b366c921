import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret, Expires } from '@countersign/database';

export const IDEMPOTENCY_HOURS = 24;

@Entity('idempotency_keys')
@Expires({
  at: 'createdAt',
  after: IDEMPOTENCY_HOURS * 3_600,
  data: 'idempotency keys',
  stored: `${IDEMPOTENCY_HOURS} hours`,
})
export class IdempotencyKeyEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  /** Digest of caller, route and key. It only finds the row: `request` decides whose answer it is. */
  @Column({ type: 'bytea' })
  digest: Buffer;

  /** Digest of caller, route, key and body. It is sealed, since a body may contain a secret that a person chose. */
  @Secret()
  @Column({ type: 'text' })
  request: Sealed;

  /** `null` while the request runs. An answer may contain a new secret. */
  @Secret()
  @Column({ type: 'text', nullable: true })
  answer: Sealed | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}
