import { Count, Id, Instant, Integer, OneOf, Text, toResponse, PageOf } from '@countersign/http';
import { type DeliveryState, deliveryStates, type WebhookDeliveryEntity } from '../../webhook.entity';

export class WebhookDeliveryResponse {
  @Id('The id of the event: `webhook-id` of every attempt.')
  eventId: string;

  @Text('The type of the event.', 'user.created')
  type: string;

  @Text('What `sequence` orders: the id of an account, for one.', '0199a3c5-0d52-7c6e-b1f4-6a0e6b0f7c21')
  subject: string;

  @Instant('When the event happened.')
  occurredAt: string;

  @OneOf(deliveryStates, '`failed`: no attempt follows.', 'delivered', { name: 'WebhookDeliveryState' })
  state: DeliveryState;

  @Count('How often it was attempted, since the last replay.', 1)
  attemptCount: number;

  @Text('Of the last attempt: `delivered`, or why not.', 'timeout', { nullable: true })
  lastOutcome: string | null;

  @Integer('The HTTP status; null without an answer.', 503, { nullable: true })
  lastStatus: number | null;

  @Instant('When it is attempted next, at the earliest. Null when it is finished.', null, { nullable: true })
  dueAt: string | null;

  @Instant('When it was delivered, or given up.', undefined, { nullable: true })
  finishedAt: string | null;

  static of(delivery: WebhookDeliveryEntity): WebhookDeliveryResponse {
    const { state, attempts: attemptCount, dueAt } = delivery;
    return toResponse(WebhookDeliveryResponse, {
      ...delivery,
      attemptCount,
      dueAt: state === 'pending' ? dueAt : null,
    });
  }
}

export class WebhookDeliveryPageResponse extends PageOf(WebhookDeliveryResponse, 'Newest first.') {}

export class TestedWebhookResponse {
  @Id('The id of the test event: the list of deliveries shows what became of it.')
  eventId: string;
}
