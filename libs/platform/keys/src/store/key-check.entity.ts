import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A fingerprint of every key that this database has been used with, so that a wrong key is noticed at boot. */
@Entity('key_checks')
export class KeyCheck {
  @PrimaryColumn({ type: 'text' })
  purpose: string;

  @PrimaryColumn({ type: 'text' })
  keyId: string;

  @Column({ type: 'text' })
  value: string;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}
