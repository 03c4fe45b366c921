import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret, Expires } from '@countersign/database';

/** A key that deliveries to one endpoint are signed with: several at once while one is being replaced. */
@Entity('webhook_secrets')
@Expires({ at: 'expiresAt', after: 0, data: 'secrets of webhooks', stored: 'until they expire' })
export class WebhookSecretEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  endpointId: string;

  @Secret()
  @Column({ type: 'text' })
  secret: Sealed;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  /** Signs until then; `null` for one that does not expire. */
  @Column({ type: 'timestamptz', nullable: true })
  expiresAt: Date | null;
}
