import { Get, Post, Query } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath, PageQuery, type Keyset, readPage } from '@countersign/http';
import { WebhookDeliveryPageResponse, WebhookDeliveryResponse } from './dto/webhook-delivery.dto';
import { EndpointInPath } from './dto/webhook.dto';
import { WebhookDeliveries } from './webhook-deliveries';

const EventInPath = (): ParameterDecorator =>
  IdInPath('eventId', 'webhook.delivery_not_found', 'The event: `webhook-id` of its attempts.');

@AdminController('webhooks/:endpointId/deliveries', 'Webhooks')
export class WebhookDeliveriesController {
  constructor(private readonly deliveries: WebhookDeliveries) {}

  @Get()
  @Operation('listWebhookDeliveries', 'webhooks:read', WebhookDeliveryPageResponse, 'List deliveries')
  list(@EndpointInPath() id: string, @Query() query: PageQuery): Promise<WebhookDeliveryPageResponse> {
    const read = (keyset: Keyset) => this.deliveries.list(id, keyset);
    return readPage(query, WebhookDeliveryResponse, read, ({ eventId }) => eventId);
  }

  @Get(':eventId')
  @Operation('readWebhookDelivery', 'webhooks:read', WebhookDeliveryResponse, 'Read a delivery')
  async read(@EndpointInPath() id: string, @EventInPath() eventId: string): Promise<WebhookDeliveryResponse> {
    return WebhookDeliveryResponse.of(await this.deliveries.get(id, eventId));
  }

  @Post(':eventId/replay')
  @Operation('replayWebhookDelivery', 'webhooks:write', WebhookDeliveryResponse, {
    summary: 'Deliver an event again, under the id that it had',
    description: 'Also one that waits for its next attempt. One that is being attempted stays as it is.',
  })
  async replay(
    @EndpointInPath() id: string,
    @EventInPath() eventId: string,
  ): Promise<WebhookDeliveryResponse> {
    return WebhookDeliveryResponse.of(await this.deliveries.replay(id, eventId));
  }
}
