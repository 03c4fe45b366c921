import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyPurpose } from '@countersign/crypto';

/** A fingerprint of every key that this database has been used with, so that a wrong key is noticed at boot. */
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

  /** When `keys rewrap` left nothing under the key. A retired key is never the first one of a list again. */
  @Column({ type: 'timestamptz', nullable: true })
  retiredAt: Date | null;
}
