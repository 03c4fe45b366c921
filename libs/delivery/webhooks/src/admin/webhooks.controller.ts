import { Body, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  ChangesWhatIsCurrent,
  CountResponse,
  CreatesOnce,
  Cursors,
  HasETag,
  IfMatch,
  NeedsScope,
  type AssertCurrent,
} from '@countersign/admin';
import { Answers, TakesMergePatch, UuidPipe } from '@countersign/http';
import { TestedWebhookResponse } from './dto/webhook-delivery.dto';
import { IssuedWebhookSecretResponse } from './dto/webhook-secret.dto';
import {
  ChangeWebhookRequest,
  CreatedWebhookResponse,
  CreateWebhookRequest,
  WebhookPageResponse,
  WebhookResponse,
  WebhooksFilter,
  WebhooksQuery,
} from './dto/webhook.dto';
import { EndpointInPath } from './path-parameters';
import { WebhookEndpoints } from './webhook-endpoints';
import { WebhookReplays } from './webhook-replays';

const LIST = 'webhooks';

@AdminController('webhooks', 'Webhooks')
export class WebhooksController {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly replays: WebhookReplays,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @NeedsScope('webhooks:read')
  @ApiOperation({ operationId: 'listWebhooks', summary: 'List webhook endpoints, newest first' })
  @Answers(WebhookPageResponse)
  async list(@Query() query: WebhooksQuery): Promise<WebhookPageResponse> {
    const found = await this.endpoints.list(query, this.cursors.keysetOf(LIST, query));
    return this.cursors.pageOf(LIST, query, found, {
      idOf: ({ id }) => id,
      toItem: (one) => WebhookResponse.of(one),
    });
  }

  @Get('count')
  @NeedsScope('webhooks:read')
  @ApiOperation({ operationId: 'countWebhooks', summary: 'Count webhook endpoints' })
  @Answers(CountResponse)
  count(@Query() filter: WebhooksFilter): Promise<CountResponse> {
    return this.endpoints.count(filter);
  }

  @Post()
  @NeedsScope('webhooks:write')
  @CreatesOnce()
  @ApiOperation({
    operationId: 'createWebhook',
    summary: 'Create a webhook endpoint; its first secret is shown once',
    description: 'It gets events from now on. Those of the first second may be missing: replay them.',
  })
  @Answers(CreatedWebhookResponse, {
    status: 201,
    errors: ['webhook.invalid_url', 'webhook.unknown_application', 'webhook.too_many_endpoints'],
  })
  async create(@Body() wanted: CreateWebhookRequest): Promise<CreatedWebhookResponse> {
    const { endpoint, secret } = await this.endpoints.create(wanted);
    return { webhook: WebhookResponse.of(endpoint), secret: IssuedWebhookSecretResponse.of(secret) };
  }

  @Get(':endpointId')
  @NeedsScope('webhooks:read')
  @HasETag()
  @ApiOperation({ operationId: 'readWebhook', summary: 'Read a webhook endpoint' })
  @EndpointInPath()
  @Answers(WebhookResponse, { errors: ['webhook.not_found'] })
  async read(
    @Param('endpointId', new UuidPipe('webhook.not_found')) endpointId: string,
  ): Promise<WebhookResponse> {
    return WebhookResponse.of(await this.endpoints.get(endpointId));
  }

  @Patch(':endpointId')
  @NeedsScope('webhooks:write')
  @TakesMergePatch()
  @ChangesWhatIsCurrent()
  @ApiOperation({
    operationId: 'changeWebhook',
    summary: 'Change a webhook endpoint by a JSON merge patch',
    description: 'What waits to be delivered goes to a new URL too.',
  })
  @EndpointInPath()
  @Answers(WebhookResponse, {
    errors: ['webhook.not_found', 'webhook.invalid_url', 'webhook.unknown_application'],
  })
  async change(
    @Param('endpointId', new UuidPipe('webhook.not_found')) endpointId: string,
    @Body() change: ChangeWebhookRequest,
    @IfMatch() assertCurrent: AssertCurrent,
  ): Promise<WebhookResponse> {
    const changed = await this.endpoints.change(endpointId, change, (current) => {
      assertCurrent(WebhookResponse.of(current));
    });
    return WebhookResponse.of(changed);
  }

  @Delete(':endpointId')
  @NeedsScope('webhooks:write')
  @ApiOperation({
    operationId: 'removeWebhook',
    summary: 'Remove a webhook endpoint, with its secrets and deliveries',
    description: 'It is disabled first. What waits to be delivered is dropped.',
  })
  @EndpointInPath()
  @Answers(null, { errors: ['webhook.not_found'] })
  async remove(@Param('endpointId', new UuidPipe('webhook.not_found')) endpointId: string): Promise<void> {
    await this.endpoints.remove(endpointId);
  }

  @Post(':endpointId/enable')
  @NeedsScope('webhooks:write')
  @ApiOperation({
    operationId: 'enableWebhook',
    summary: 'Enable a webhook endpoint',
    description: 'What waited is delivered. Events of the time in between can be replayed.',
  })
  @EndpointInPath()
  @Answers(WebhookResponse, { errors: ['webhook.not_found'] })
  async enable(
    @Param('endpointId', new UuidPipe('webhook.not_found')) endpointId: string,
  ): Promise<WebhookResponse> {
    return WebhookResponse.of(await this.endpoints.enable(endpointId));
  }

  @Post(':endpointId/disable')
  @NeedsScope('webhooks:write')
  @ApiOperation({
    operationId: 'disableWebhook',
    summary: 'Disable a webhook endpoint',
    description: 'Nothing is delivered to it, and no event is written for it.',
  })
  @EndpointInPath()
  @Answers(WebhookResponse, { errors: ['webhook.not_found'] })
  async disable(
    @Param('endpointId', new UuidPipe('webhook.not_found')) endpointId: string,
  ): Promise<WebhookResponse> {
    return WebhookResponse.of(await this.endpoints.disable(endpointId));
  }

  @Post(':endpointId/test')
  @NeedsScope('webhooks:write')
  @ApiOperation({
    operationId: 'testWebhook',
    summary: 'Deliver a test event to a webhook endpoint',
    description: 'Of the type `webhook.test`, whatever its types and applications are.',
  })
  @EndpointInPath()
  @Answers(TestedWebhookResponse, { errors: ['webhook.not_found', 'webhook.disabled'] })
  test(
    @Param('endpointId', new UuidPipe('webhook.not_found')) endpointId: string,
  ): Promise<TestedWebhookResponse> {
    return this.replays.test(endpointId);
  }
}
