import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';
import { WebhookEndpointEntity } from './webhook-endpoint.entity';

/** `hmac`: `v1` of Standard Webhooks 1.0; `ed25519`: `v1a`. */
export const webhookSecretKinds = ['hmac', 'ed25519'] as const;
export type WebhookSecretKind = (typeof webhookSecretKinds)[number];

/** A key that deliveries to one endpoint are signed with: several at once while one is being replaced. */
@Entity('webhook_secrets')
@Check('chk_webhook_secrets_kind', "kind IN ('hmac', 'ed25519')")
@Check('chk_webhook_secrets_public_key', "(kind = 'ed25519') = (public_key IS NOT NULL)")
export class WebhookSecretEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_webhook_secrets' })
  id: string;

  @Index('ix_webhook_secrets_endpoint')
  @ForeignKey(() => WebhookEndpointEntity, { name: 'fk_webhook_secrets_endpoint', onDelete: 'CASCADE' })
  @Column({ name: 'endpoint_id', type: 'uuid' })
  endpointId: string;

  @Column({ type: 'text' })
  kind: WebhookSecretKind;

  @Secret()
  @Column({ type: 'text' })
  secret: Sealed;

  /** `whpk_...` of an Ed25519 key. */
  @Column({ name: 'public_key', type: 'text', nullable: true })
  publicKey: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  /** Signs until then; `null` for one that does not expire. */
  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt: Date | null;
}
