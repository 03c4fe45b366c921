import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { KeyPurpose } from '@countersign/crypto';

/**
 * `known`: opens, but seals nothing yet. `active`: seals. `retiring`: opens what it sealed while it was
 * active. `retired`: used for nothing; the ring may leave it out.
 */
export type RingKeyState = 'known' | 'active' | 'retiring' | 'retired';

/** What all replicas agree on about a key of the ring. Never its secret. */
@Entity('ring_keys')
@Index('uq_ring_keys_active', ['purpose'], { unique: true, where: `state = 'active'` })
@Check('chk_ring_keys_purpose', `purpose IN ('sealing', 'index', 'token')`)
@Check('chk_ring_keys_state', `state IN ('known', 'active', 'retiring', 'retired')`)
export class RingKeyEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_ring_keys' })
  purpose: KeyPurpose;

  @PrimaryColumn({ name: 'key_id', type: 'text', primaryKeyConstraintName: 'pk_ring_keys' })
  keyId: string;

  @Column({ type: 'integer' })
  epoch: number;

  @Column({ type: 'text' })
  state: RingKeyState;

  /** Only this secret under this id produces it, see `keyCheckValue`. */
  @Column({ name: 'check_value', type: 'text' })
  checkValue: string;

  /** When it got its state. */
  @Column({ name: 'changed_at', type: 'timestamptz' })
  changedAt: Date;
}
