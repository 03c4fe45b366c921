import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A fingerprint of every key that this database has been used with, so that a wrong key is noticed at boot. */
@Entity('key_checks')
export class KeyCheck {
  @PrimaryColumn({ type: 'text' })
  purpose: string;

  @PrimaryColumn({ name: 'key_id', type: 'text' })
  keyId: string;

  @Column({ type: 'text' })
  value: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
