import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { ArrayMinSize, ArrayUnique, IsArray, IsIn, MaxLength } from 'class-validator';
import { NextCursor } from '@countersign/admin';
import { eventTypeNames } from '@countersign/events';
import { IsInstant, MayBeAbsent, PageQuery } from '@countersign/http';
import type { WebhookAttemptEntity } from '../../webhook-attempt.entity';
import { deliveryStates, type DeliveryState } from '../../webhook-delivery.entity';
import {
  replayedStates,
  undelivered,
  type DeliveryRow,
  type ReplayedState,
  type ReplayRange,
} from '../webhook';
import { EVENT_ID, INSTANT } from './webhook-fields';

const stateField = {
  description: '`failed`: the last attempt has failed too, and no other follows.',
  enum: [...deliveryStates],
  enumName: 'WebhookDeliveryState',
  example: 'delivered',
};
const typeField = { description: 'The type of the event.', example: 'user.created' };

export class WebhookDeliveriesFilter {
  @ApiPropertyOptional({ ...stateField, description: 'Only deliveries in this state.' })
  @MayBeAbsent()
  @IsIn(deliveryStates)
  state?: DeliveryState;

  @ApiPropertyOptional({
    ...typeField,
    description: 'Only events of this type.',
    enum: [...eventTypeNames],
    enumName: 'EventType',
  })
  @MayBeAbsent()
  @IsIn(eventTypeNames)
  type?: string;
}

export class WebhookDeliveriesQuery extends IntersectionType(PageQuery, WebhookDeliveriesFilter) {}

export class WebhookDeliveryResponse {
  @ApiProperty({
    format: 'uuid',
    description: 'The id of the event: `webhook-id` of every attempt.',
    example: EVENT_ID,
  })
  eventId: string;

  @ApiProperty(typeField)
  type: string;

  @ApiProperty({
    description:
      'What events are ordered by: the id of an account, an application, a key or an endpoint. A test event has its own id.',
    example: '0199a3c5-0d52-7c6e-b1f4-6a0e6b0f7c21',
  })
  subject: string;

  @ApiProperty({ format: 'date-time', description: 'When the event happened.', example: INSTANT })
  occurredAt: string;

  @ApiProperty(stateField)
  state: DeliveryState;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'How often it was attempted, since the last replay.',
    example: 1,
  })
  attemptCount: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'When it is attempted next, at the earliest: earlier events of its subject come first. Null when it is finished.',
    example: null,
  })
  dueAt: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was delivered, or given up.',
    example: INSTANT,
  })
  finishedAt: string | null;

  static of(delivery: DeliveryRow): WebhookDeliveryResponse {
    const { eventId, type, subject, occurredAt, state, attempts, dueAt, finishedAt } = delivery;
    return {
      eventId,
      type,
      subject,
      occurredAt: occurredAt.toISOString(),
      state,
      attemptCount: attempts,
      dueAt: state === 'pending' ? dueAt.toISOString() : null,
      finishedAt: finishedAt?.toISOString() ?? null,
    };
  }
}

export class WebhookDeliveryPageResponse {
  @ApiProperty({ type: [WebhookDeliveryResponse], description: 'Newest first.' })
  items: readonly WebhookDeliveryResponse[];

  @NextCursor()
  nextCursor: string | null;
}

export class WebhookAttemptResponse {
  @ApiProperty({ format: 'date-time', description: 'When it was made.', example: INSTANT })
  attemptedAt: string;

  @ApiProperty({ description: '`delivered`, or why not, as an enumerated word.', example: 'timeout' })
  outcome: string;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The HTTP status of the answer; null without one.',
    example: 503,
  })
  status: number | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'How long it took, in milliseconds.',
    example: 120,
  })
  durationMs: number;

  static of({ attemptedAt, outcome, status, durationMs }: WebhookAttemptEntity): WebhookAttemptResponse {
    return { attemptedAt: attemptedAt.toISOString(), outcome, status, durationMs };
  }
}

export class ReadWebhookDeliveryResponse extends WebhookDeliveryResponse {
  @ApiProperty({
    type: [WebhookAttemptResponse],
    description: 'The newest 100 attempts, oldest first. What the endpoint answered is not stored.',
  })
  attempts: readonly WebhookAttemptResponse[];

  static ofLog(
    delivery: DeliveryRow,
    attempts: readonly WebhookAttemptEntity[],
  ): ReadWebhookDeliveryResponse {
    return {
      ...WebhookDeliveryResponse.of(delivery),
      attempts: attempts.map((attempt) => WebhookAttemptResponse.of(attempt)),
    };
  }
}

export class TestedWebhookResponse {
  @ApiProperty({
    format: 'uuid',
    description: 'The id of the test event: the log of deliveries shows what became of it.',
    example: EVENT_ID,
  })
  eventId: string;
}

export class ReplayWebhookDeliveriesRequest {
  @ApiProperty({ format: 'date-time', description: 'Events of this instant or later.', example: INSTANT })
  @IsInstant()
  from: string;

  @ApiProperty({
    format: 'date-time',
    description: 'Events before this instant.',
    example: '2026-11-03T09:30:00.000Z',
  })
  @IsInstant()
  before: string;

  @ApiPropertyOptional({
    description:
      'Which deliveries: `failed`, `pending` (at once instead of at the next attempt), `delivered`, and `missed`: ' +
      'events of the types and applications of the endpoint that it has no delivery of, because it was disabled or ' +
      'did not exist. By default all that are not delivered.',
    enum: [...replayedStates],
    enumName: 'ReplayedState',
    isArray: true,
    default: [...undelivered],
    example: ['failed', 'missed'],
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(replayedStates, { each: true })
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
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'How many deliveries are due now by this call.',
    example: 42,
  })
  replayed: number;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description:
      'How many deliveries of these events were pending before and stay as they are: they are being attempted, or `states` ' +
      'leaves `pending` out. The `dueAt` of a delivery tells when it is attempted next.',
    example: 0,
  })
  alreadyPending: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      '`cursor` of the next call; null at the end of the range. A call looks at 10,000 events at most.',
    example: null,
  })
  nextCursor: string | null;
}
