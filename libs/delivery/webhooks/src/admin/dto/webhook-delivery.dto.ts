import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { MaxLength } from 'class-validator';
import { AdminPageOf } from '@countersign/admin';
import { eventTypeNames } from '@countersign/events';
import {
  Count,
  Id,
  Instant,
  Integer,
  ListOf,
  MayBeAbsent,
  OneOf,
  PageQuery,
  Text,
  toResponse,
} from '@countersign/http';
import { type DeliveryState, deliveryStates, type WebhookAttemptEntity } from '../../webhook.entity';
import {
  replayedStates,
  undelivered,
  type DeliveryRow,
  type ReplayedState,
  type ReplayRange,
} from '../webhook';
import { EVENT_ID, INSTANT } from './webhook-fields';

function StateField(): PropertyDecorator {
  return OneOf(
    deliveryStates,
    '`failed`: the last attempt has failed too, and no other follows.',
    'delivered',
    { name: 'WebhookDeliveryState' },
  );
}

function TypeField(): PropertyDecorator {
  return Text('The type of the event.', 'user.created');
}

class WebhookDeliveriesFilter {
  @OneOf(deliveryStates, 'Only deliveries in this state.', 'delivered', {
    input: 'optional',
    name: 'WebhookDeliveryState',
  })
  state?: DeliveryState;

  @OneOf(eventTypeNames, 'Only events of this type.', 'user.created', {
    input: 'optional',
    name: 'EventType',
  })
  type?: string;
}

export class WebhookDeliveriesQuery extends IntersectionType(PageQuery, WebhookDeliveriesFilter) {}

export class WebhookDeliveryResponse {
  @Id('The id of the event: `webhook-id` of every attempt.', EVENT_ID)
  eventId: string;

  @TypeField()
  type: string;

  @Text(
    'What `sequence` is for: the id of an account, an application, a key or an endpoint. A test event has its own id.',
    '0199a3c5-0d52-7c6e-b1f4-6a0e6b0f7c21',
  )
  subject: string;

  @Instant('When the event happened.', INSTANT)
  occurredAt: string;

  @StateField()
  state: DeliveryState;

  @Count('How often it was attempted, since the last replay.', 1)
  attemptCount: number;

  @Instant('When it is attempted next, at the earliest. Null when it is finished.', null, { nullable: true })
  dueAt: string | null;

  @Instant('When it was delivered, or given up.', INSTANT, { nullable: true })
  finishedAt: string | null;

  static of(delivery: DeliveryRow): WebhookDeliveryResponse {
    const { state, attempts: attemptCount, dueAt } = delivery;
    return toResponse(WebhookDeliveryResponse, {
      ...delivery,
      attemptCount,
      dueAt: state === 'pending' ? dueAt : null,
    });
  }
}

export class WebhookDeliveryPageResponse extends AdminPageOf(WebhookDeliveryResponse, 'Newest first.') {}

class WebhookAttemptResponse {
  @Instant('When it was made.', INSTANT)
  attemptedAt: string;

  @Text('`delivered`, or why not, as an enumerated word.', 'timeout')
  outcome: string;

  @Integer('The HTTP status of the answer; null without one.', 503, { nullable: true })
  status: number | null;

  @Count('How long it took, in milliseconds.', 120)
  durationMs: number;
}

export class ReadWebhookDeliveryResponse extends WebhookDeliveryResponse {
  @ListOf(
    WebhookAttemptResponse,
    'The newest 100 attempts, oldest first. What the endpoint answered is not stored.',
  )
  attempts: readonly WebhookAttemptResponse[];

  static ofLog(
    delivery: DeliveryRow,
    attempts: readonly WebhookAttemptEntity[],
  ): ReadWebhookDeliveryResponse {
    return {
      ...WebhookDeliveryResponse.of(delivery),
      attempts: attempts.map((attempt) => toResponse(WebhookAttemptResponse, attempt)),
    };
  }
}

export class TestedWebhookResponse {
  @Id('The id of the test event: the log of deliveries shows what became of it.', EVENT_ID)
  eventId: string;
}

export class ReplayWebhookDeliveriesRequest {
  @Instant('Events of this instant or later.', INSTANT, { input: 'required' })
  from: string;

  @Instant('Events before this instant.', '2026-11-03T09:30:00.000Z', { input: 'required' })
  before: string;

  @OneOf(
    replayedStates,
    'Which deliveries: `failed`, `pending` (at once instead of at the next attempt), `delivered`, and `missed`: ' +
      'events of the types and applications of the endpoint that it has no delivery of, because it was disabled or ' +
      'did not exist. By default all that are not delivered.',
    ['failed', 'missed'],
    { input: 'optional', list: { min: 1, unique: true }, name: 'ReplayedState', default: [...undelivered] },
  )
  states?: ReplayedState[];

  @ApiPropertyOptional({
    description: '`nextCursor` of the call before, for the same range and states.',
    example: 'AAABnABCDEFGAAAAAAAAAAAAAAAAAAAAACoxMjM0NTY3ODkwMTI',
  })
  @MayBeAbsent()
  @MaxLength(200)
  cursor?: string;

  toRange(): ReplayRange {
    const { from, before, states = undelivered } = this;
    return { from: new Date(from), before: new Date(before), states };
  }
}

export class ReplayedWebhookDeliveriesResponse {
  @Count('How many deliveries are due now by this call.', 42)
  replayed: number;

  @Text(
    '`cursor` of the next call; null at the end of the range. A call looks at 10,000 events at most.',
    null,
    { nullable: true },
  )
  nextCursor: string | null;
}
