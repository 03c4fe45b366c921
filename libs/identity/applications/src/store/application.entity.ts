import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Trust } from '../application';

@Entity('applications')
export class ApplicationEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  trust: Trust;

  /** Only what the operator set; defaults are added when read. */
  @Column({ type: 'jsonb' })
  settings: object;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

/** A secret of a confidential client. It has 256 random bits, so its SHA-256 is enough at rest. */
@Entity('client_secrets')
export class ClientSecretEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'bytea' })
  digest: Buffer;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}
