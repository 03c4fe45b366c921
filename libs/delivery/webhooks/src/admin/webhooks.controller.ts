import { Body, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { AdminController, CreatesOnce, Operation } from '@countersign/admin';
import { PageQuery, TakesMergePatch, toResponse, type Keyset, readPage } from '@countersign/http';
import { TestedWebhookResponse } from './dto/webhook-delivery.dto';
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

@AdminController('webhooks', 'Webhooks')
export class WebhooksController {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly deliveries: WebhookDeliveries,
  ) {}

  @Get()
  @Operation('listWebhooks', 'webhooks:read', WebhookPageResponse, 'List webhook endpoints, newest first')
  list(@Query() query: PageQuery): Promise<WebhookPageResponse> {
    const read = (keyset: Keyset) => this.endpoints.list(keyset);
    return readPage(query, WebhookResponse, read);
  }

  @Post()
  @Operation('createWebhook', 'webhooks:write', CreatedWebhookResponse, {
    summary: 'Create a webhook endpoint; its first secret is shown once',
    description: 'It gets events from now on. Those of the first second may be missing.',
    status: 201,
    errors: ['webhook.invalid_url', 'webhook.unknown_application', 'webhook.too_many_endpoints'],
  })
  @CreatesOnce()
  async create(@Body() wanted: CreateWebhookRequest): Promise<CreatedWebhookResponse> {
    const { endpoint, secret } = await this.endpoints.create(wanted);
    return { webhook: WebhookResponse.of(endpoint), secret: toResponse(IssuedWebhookSecretResponse, secret) };
  }

  @Get(':endpointId')
  @Operation('readWebhook', 'webhooks:read', WebhookResponse, 'Read a webhook endpoint')
  async read(@EndpointInPath() id: string): Promise<WebhookResponse> {
    return WebhookResponse.of(await this.endpoints.get(id));
  }

  @Patch(':endpointId')
  @Operation('changeWebhook', 'webhooks:write', WebhookResponse, {
    summary: 'Change a webhook endpoint by a JSON merge patch',
    description: 'What waits to be delivered goes to a new URL too.',
    errors: ['webhook.invalid_url', 'webhook.unknown_application'],
  })
  @TakesMergePatch()
  async change(@EndpointInPath() id: string, @Body() change: ChangeWebhookRequest): Promise<WebhookResponse> {
    return WebhookResponse.of(await this.endpoints.change(id, change));
  }

  @Delete(':endpointId')
  @Operation('removeWebhook', 'webhooks:write', null, 'Remove a webhook endpoint')
  async remove(@EndpointInPath() id: string): Promise<void> {
    await this.endpoints.remove(id);
  }

  @Post(':endpointId/enable')
  @Operation('enableWebhook', 'webhooks:write', WebhookResponse, {
    summary: 'Enable a webhook endpoint',
    description: 'What waited is delivered. It does not get the events of the time in between.',
  })
  async enable(@EndpointInPath() id: string): Promise<WebhookResponse> {
    return WebhookResponse.of(await this.endpoints.enable(id));
  }

  @Post(':endpointId/disable')
  @Operation('disableWebhook', 'webhooks:write', WebhookResponse, {
    summary: 'Disable a webhook endpoint',
    description: 'Nothing is delivered to it, and no event is written for it.',
  })
  async disable(@EndpointInPath() id: string): Promise<WebhookResponse> {
    return WebhookResponse.of(await this.endpoints.disable(id));
  }

  @Post(':endpointId/test')
  @Operation('testWebhook', 'webhooks:write', TestedWebhookResponse, {
    summary: 'Deliver a test event to a webhook endpoint',
    description: 'Of the type `webhook.test`, whatever its types and applications are.',
    errors: ['webhook.disabled'],
  })
  test(@EndpointInPath() id: string): Promise<TestedWebhookResponse> {
    return this.deliveries.test(id);
  }

  @Post(':endpointId/secrets')
  @Operation('addWebhookSecret', 'webhooks:write', IssuedWebhookSecretResponse, {
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
