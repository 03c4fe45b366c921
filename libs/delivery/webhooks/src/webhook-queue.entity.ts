import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { WebhookEndpointEntity } from './webhook-endpoint.entity';

/**
 * The pending deliveries of one subject for one endpoint: one replica at a time delivers them, one after the other.
 * Triggers of `webhook_deliveries` add queues and make them due earlier; the replica that empties one deletes it.
 */
@Entity('webhook_queues')
@Index('ix_webhook_queues_due', ['endpointId', 'dueAt'], { where: "due_at > '-infinity'" })
export class WebhookQueueEntity {
  @PrimaryColumn({ name: 'endpoint_id', type: 'uuid', primaryKeyConstraintName: 'pk_webhook_queues' })
  @ForeignKey(() => WebhookEndpointEntity, { name: 'fk_webhook_queues_endpoint', onDelete: 'CASCADE' })
  endpointId: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_webhook_queues' })
  subject: string;

  /** When its earliest delivery is due; of a queue with a lease, when that expires. */
  @Column({ name: 'due_at', type: 'timestamptz' })
  dueAt: Date;

  /** Which claim has it. A replica records results only for the lease by which it claimed. */
  @Column({ type: 'uuid', nullable: true })
  lease: string | null;
}
