import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret, Expires } from '@countersign/database';
import { WebhookEndpointEntity } from './webhook-endpoint.entity';

/** A key that deliveries to one endpoint are signed with: several at once while one is being replaced. */
@Entity('webhook_secrets')
@Expires({ at: 'expiresAt', after: 0, data: 'secrets of webhooks', stored: 'until they expire' })
export class WebhookSecretEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_webhook_secrets' })
  id: string;

  @Index('ix_webhook_secrets_endpoint')
  @ForeignKey(() => WebhookEndpointEntity, { name: 'fk_webhook_secrets_endpoint', onDelete: 'CASCADE' })
  @Column({ name: 'endpoint_id', type: 'uuid' })
  endpointId: string;

  @Secret()
  @Column({ type: 'text' })
  secret: Sealed;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  /** Signs until then; `null` for one that does not expire. */
  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt: Date | null;
}
