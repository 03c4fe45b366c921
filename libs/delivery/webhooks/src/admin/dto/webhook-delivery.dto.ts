import { Count, Id, Instant, Integer, OneOf, Text, toResponse, PageOf } from '@countersign/http';
import { type DeliveryState, deliveryStates, type WebhookDeliveryEntity } from '../../webhook.entity';
import { EVENT_ID, INSTANT } from './webhook-fields';

export class WebhookDeliveryResponse {
  @Id('The id of the event: `webhook-id` of every attempt.', EVENT_ID)
  eventId: string;

  @Text('The type of the event.', 'user.created')
  type: string;

  @Text(
    'What `sequence` is for: the id of an account, an application, a key or an endpoint. A test event has its own id.',
    '0199a3c5-0d52-7c6e-b1f4-6a0e6b0f7c21',
  )
  subject: string;

  @Instant('When the event happened.', INSTANT)
  occurredAt: string;

  @OneOf(deliveryStates, '`failed`: the last attempt has failed too, and no other follows.', 'delivered', {
    name: 'WebhookDeliveryState',
  })
  state: DeliveryState;

  @Count('How often it was attempted, since the last replay.', 1)
  attemptCount: number;

  @Text('What became of the last attempt: `delivered`, or why not, as an enumerated word.', 'timeout', {
    nullable: true,
  })
  lastOutcome: string | null;

  @Integer('The HTTP status of its answer, which is not stored itself; null without one.', 503, {
    nullable: true,
  })
  lastStatus: number | null;

  @Instant('When it is attempted next, at the earliest. Null when it is finished.', null, { nullable: true })
  dueAt: string | null;

  @Instant('When it was delivered, or given up.', INSTANT, { nullable: true })
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
  @Id('The id of the test event: the list of deliveries shows what became of it.', EVENT_ID)
  eventId: string;
}
