import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A secret that a principal gets tokens with. It has 256 random bits, so its SHA-256 is enough at rest. */
@Entity('principal_secrets')
export class PrincipalSecretEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  principalId: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'bytea' })
  digest: Buffer;

  /** As the audit trail names it; null for one from before this was stored. */
  @Column({ type: 'text', nullable: true })
  issuedBy: string | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  lastUsedAt: Date | null;
}
