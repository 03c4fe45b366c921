import { Body, Get, Post, Query } from '@nestjs/common';
import { AdminController, Cursors, Operation } from '@countersign/admin';
import { idOfSequence, IdInPath, sequenceOfId } from '@countersign/http';
import {
  ReadWebhookDeliveryResponse,
  ReplayedWebhookDeliveriesResponse,
  ReplayWebhookDeliveriesRequest,
  WebhookDeliveriesQuery,
  WebhookDeliveryPageResponse,
  WebhookDeliveryResponse,
} from './dto/webhook-delivery.dto';
import { EndpointInPath } from './dto/webhook-fields';
import { WebhookLog } from './webhook-log';
import { WebhookReplays } from './webhook-replays';

const EventInPath = (): ParameterDecorator =>
  IdInPath('eventId', 'webhook.delivery_not_found', 'The event: `webhook-id` of its attempts.');
const listOf = (endpointId: string): string => `webhooks/${endpointId}/deliveries`;
const rangeOf = (endpointId: string): string => `webhooks/${endpointId}/replay`;

@AdminController('webhooks/:endpointId/deliveries', 'Webhooks')
export class WebhookDeliveriesController {
  constructor(
    private readonly log: WebhookLog,
    private readonly replays: WebhookReplays,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Operation('listWebhookDeliveries', 'webhooks:read', WebhookDeliveryPageResponse, {
    summary: 'List the deliveries to an endpoint, newest first',
    description:
      'By the order of events, for 30 days. With filters a call looks at 50,000 deliveries at most: a page may have ' +
      'fewer items than the limit, even none, while `nextCursor` is not null.',
  })
  async list(
    @EndpointInPath() endpointId: string,
    @Query() query: WebhookDeliveriesQuery,
  ): Promise<WebhookDeliveryPageResponse> {
    const list = listOf(endpointId);
    const { state, type } = query;
    const keyset = this.cursors.keysetOf(list, query);
    const { deliveries, nextId } = await this.log.page(endpointId, { state, type }, keyset);
    return {
      items: deliveries.map((one) => WebhookDeliveryResponse.of(one)),
      nextCursor: nextId === null ? null : this.cursors.cursorOf(list, query, nextId),
    };
  }

  @Get(':eventId')
  @Operation('readWebhookDelivery', 'webhooks:read', ReadWebhookDeliveryResponse, {
    summary: 'Read a delivery with its attempts',
  })
  async read(
    @EndpointInPath() endpointId: string,
    @EventInPath() eventId: string,
  ): Promise<ReadWebhookDeliveryResponse> {
    const { delivery, attempts } = await this.log.get(endpointId, eventId);
    return ReadWebhookDeliveryResponse.ofLog(delivery, attempts);
  }

  @Post('replay')
  @Operation('replayWebhookDeliveries', 'webhooks:write', ReplayedWebhookDeliveriesResponse, {
    summary: 'Deliver the events of a time again',
    description:
      'Under the ids and the `sequence` that they had. Events are stored for 30 days, and only where an ' +
      'endpoint asked for their type at that time. A disabled endpoint gets them when it is enabled.',
  })
  async replayRange(
    @EndpointInPath() endpointId: string,
    @Body() wanted: ReplayWebhookDeliveriesRequest,
  ): Promise<ReplayedWebhookDeliveriesResponse> {
    const list = rangeOf(endpointId);
    const { after } = this.cursors.timedKeysetOf(list, wanted);
    const position = after && { occurredAt: after.occurredAt, sequence: sequenceOfId(after.id) };
    const { replayed, next } = await this.replays.replayRange(endpointId, wanted.toRange(), position);
    const nextCursor =
      next &&
      this.cursors.timedCursorOf(list, wanted, {
        occurredAt: next.occurredAt,
        id: idOfSequence(next.sequence),
      });
    return { replayed, nextCursor };
  }

  @Post(':eventId/replay')
  @Operation('replayWebhookDelivery', 'webhooks:write', WebhookDeliveryResponse, {
    summary: 'Deliver an event again, under the id that it had',
    description: 'Also one that waits for its next attempt. One that is being attempted stays as it is.',
    errors: ['webhook.event_expired'],
  })
  async replay(
    @EndpointInPath() endpointId: string,
    @EventInPath() eventId: string,
  ): Promise<WebhookDeliveryResponse> {
    return WebhookDeliveryResponse.of(await this.replays.replay(endpointId, eventId));
  }
}
