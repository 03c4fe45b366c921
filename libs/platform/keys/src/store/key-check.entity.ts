import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyPurpose } from '@countersign/crypto';

/** A fingerprint of every key that this database has been used with. The boot compares it with the ring. */
@Entity('key_checks')
export class KeyCheck {
  @PrimaryColumn({ type: 'text' })
  purpose: KeyPurpose;

  @PrimaryColumn({ type: 'text' })
  keyId: string;

  @Column({ type: 'text' })
  value: string;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  /** The time when `keys rewrap` left nothing under the key. A retired key can never be the first of a list again. */
  @Column({ type: 'timestamptz', nullable: true })
  retiredAt: Date | null;
}
