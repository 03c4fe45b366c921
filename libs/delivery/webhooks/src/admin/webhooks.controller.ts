import { Body, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { AdminController, CreatesOnce, Operation } from '@countersign/admin';
import { IdInPath, PageQuery, readPage, TakesMergePatch, toResponse } from '@countersign/http';
import {
  TestedWebhookResponse,
  WebhookDeliveryPageResponse,
  WebhookDeliveryResponse,
} from './dto/webhook-delivery.dto';
import {
  AddWebhookSecretRequest,
  ChangeWebhookRequest,
  CreatedWebhookResponse,
  CreateWebhookRequest,
  EndpointInPath,
  IssuedWebhookSecretResponse,
  WebhookPageResponse,
  WebhookResponse,
} from './dto/webhook.dto';
import { WebhookEndpoints } from './webhook-endpoints';
import { WebhookDeliveries } from './webhook-deliveries';
import { webhookScopes } from '../webhooks.feature';

@AdminController('webhooks', 'Webhooks')
export class WebhooksController {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly deliveries: WebhookDeliveries,
  ) {}

  @Get()
  @Operation(
    'listWebhooks',
    webhookScopes.webhooksRead,
    WebhookPageResponse,
    'List webhook endpoints, newest first',
  )
  list(@Query() query: PageQuery): Promise<WebhookPageResponse> {
    return readPage(query, WebhookResponse, (keyset) => this.endpoints.list(keyset));
  }

  @Post()
  @Operation('createWebhook', webhookScopes.webhooksWrite, CreatedWebhookResponse, {
    summary: 'Create a webhook endpoint; its first secret is shown once',
    description:
      'Its receiver learns the ids of the people, sessions and wallets in its events. It gets events from now on; events ' +
      'of the first second may be missing.',
    status: 201,
    errors: ['webhook.invalid_url', 'webhook.unknown_application', 'webhook.too_many_endpoints'],
  })
  @CreatesOnce()
  async create(@Body() wanted: CreateWebhookRequest): Promise<CreatedWebhookResponse> {
    const { endpoint, secret } = await this.endpoints.create(wanted);
    return { webhook: WebhookResponse.of(endpoint), secret: toResponse(IssuedWebhookSecretResponse, secret) };
  }

  @Get(':endpointId')
  @Operation('readWebhook', webhookScopes.webhooksRead, WebhookResponse, 'Read a webhook endpoint')
  async read(@EndpointInPath() id: string): Promise<WebhookResponse> {
    return WebhookResponse.of(await this.endpoints.get(id));
  }

  @Patch(':endpointId')
  @Operation('changeWebhook', webhookScopes.webhooksWrite, WebhookResponse, {
    summary: 'Change a webhook endpoint by a JSON merge patch',
    description: 'What waits to be delivered goes to a new URL too.',
    errors: ['webhook.invalid_url', 'webhook.unknown_application'],
  })
  @TakesMergePatch()
  async change(@EndpointInPath() id: string, @Body() change: ChangeWebhookRequest): Promise<WebhookResponse> {
    return WebhookResponse.of(await this.endpoints.change(id, change));
  }

  @Delete(':endpointId')
  @Operation('removeWebhook', webhookScopes.webhooksWrite, null, 'Remove a webhook endpoint')
  async remove(@EndpointInPath() id: string): Promise<void> {
    await this.endpoints.remove(id);
  }

  @Post(':endpointId/enable')
  @Operation('enableWebhook', webhookScopes.webhooksWrite, WebhookResponse, {
    summary: 'Enable a webhook endpoint',
    description: 'What waited is delivered. It does not get the events of the time in between.',
  })
  async enable(@EndpointInPath() id: string): Promise<WebhookResponse> {
    return WebhookResponse.of(await this.endpoints.enable(id));
  }

  @Post(':endpointId/disable')
  @Operation('disableWebhook', webhookScopes.webhooksWrite, WebhookResponse, {
    summary: 'Disable a webhook endpoint',
    description: 'Nothing is delivered to it, and no event is written for it.',
  })
  async disable(@EndpointInPath() id: string): Promise<WebhookResponse> {
    return WebhookResponse.of(await this.endpoints.disable(id));
  }

  @Post(':endpointId/test')
  @Operation('testWebhook', webhookScopes.webhooksWrite, TestedWebhookResponse, {
    summary: 'Deliver a test event to a webhook endpoint',
    description: 'Of the type `webhook.test`, whatever its types and applications are.',
    errors: ['webhook.disabled'],
  })
  test(@EndpointInPath() id: string): Promise<TestedWebhookResponse> {
    return this.deliveries.test(id);
  }

  @Post(':endpointId/secrets')
  @Operation('addWebhookSecret', webhookScopes.webhooksWrite, IssuedWebhookSecretResponse, {
    summary: 'Add a secret; it is shown once, and the older ones expire',
    description: 'After a leak pass this instant as `overlapUntil`: the older ones expire at once.',
    status: 201,
    errors: ['webhook.too_many_secrets'],
  })
  @CreatesOnce()
  async addSecret(
    @EndpointInPath() id: string,
    @Body() wanted: AddWebhookSecretRequest,
  ): Promise<IssuedWebhookSecretResponse> {
    return toResponse(IssuedWebhookSecretResponse, await this.endpoints.addSecret(id, wanted.until()));
  }
}

const EventInPath = (): ParameterDecorator =>
  IdInPath('eventId', 'webhook.delivery_not_found', 'The event: `webhook-id` of its attempts.');

@AdminController('webhooks/:endpointId/deliveries', 'Webhooks')
export class WebhookDeliveriesController {
  constructor(private readonly deliveries: WebhookDeliveries) {}

  @Get()
  @Operation(
    'listWebhookDeliveries',
    webhookScopes.webhooksRead,
    WebhookDeliveryPageResponse,
    'List deliveries',
  )
  list(@EndpointInPath() id: string, @Query() query: PageQuery): Promise<WebhookDeliveryPageResponse> {
    const idOf = ({ eventId }: { readonly eventId: string }): string => eventId;
    return readPage(query, WebhookDeliveryResponse, (keyset) => this.deliveries.list(id, keyset), idOf);
  }

  @Get(':eventId')
  @Operation('readWebhookDelivery', webhookScopes.webhooksRead, WebhookDeliveryResponse, 'Read a delivery')
  async read(@EndpointInPath() id: string, @EventInPath() eventId: string): Promise<WebhookDeliveryResponse> {
    return WebhookDeliveryResponse.of(await this.deliveries.get(id, eventId));
  }

  @Post(':eventId/replay')
  @Operation('replayWebhookDelivery', webhookScopes.webhooksWrite, WebhookDeliveryResponse, {
    summary: 'Deliver an event again, under the id that it had',
    description: 'Also one that waits for its next attempt, or is being attempted.',
  })
  async replay(
    @EndpointInPath() id: string,
    @EventInPath() eventId: string,
  ): Promise<WebhookDeliveryResponse> {
    return WebhookDeliveryResponse.of(await this.deliveries.replay(id, eventId));
  }
}
