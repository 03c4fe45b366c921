import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';

/** A secret that Rapidpace signs with. Several are valid while one is being rotated. */
@Entity('rapidpace_secrets')
export class RapidpaceSecretEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  @Secret()
  @Column({ type: 'text' })
  secret: Sealed;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}
