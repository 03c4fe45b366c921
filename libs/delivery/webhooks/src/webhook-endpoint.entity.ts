import { Column, Entity, PrimaryColumn } from 'typeorm';

export const endpointStatuses = ['active', 'disabled'] as const;
export type EndpointStatus = (typeof endpointStatuses)[number];

/** `operator`, `gone` (it answered 410), `failing` (a delivery failed for good, and no later one succeeded). */
export const disabledReasons = ['operator', 'gone', 'failing'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** Where events are delivered to. Which ones is in its `event_subscriptions` row while it is active. */
@Entity('webhook_endpoints')
export class WebhookEndpointEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  url: string;

  @Column({ type: 'text', array: true })
  types: string[];

  /** Events that concern one of them; `null` for all events. */
  @Column({ type: 'uuid', array: true, nullable: true })
  applicationIds: string[] | null;

  @Column({ type: 'text' })
  status: EndpointStatus;

  @Column({ type: 'text', nullable: true })
  disabledReason: DisabledReason | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}
