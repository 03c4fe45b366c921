import { Body, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { AdminController, CreatesOnce, NeedsScope } from '@countersign/admin';
import { Answers, UuidPipe } from '@countersign/http';
import {
  AddWebhookSecretRequest,
  IssuedWebhookSecretResponse,
  WebhookSecretResponse,
  WebhookSecretsResponse,
} from './dto/webhook-secret.dto';
import { EndpointInPath, SecretInPath } from './path-parameters';
import { WebhookSecrets } from './webhook-secrets';

@AdminController('webhooks/:endpointId/secrets', 'Webhooks')
export class WebhookSecretsController {
  constructor(private readonly secrets: WebhookSecrets) {}

  @Get()
  @NeedsScope('webhooks:read')
  @ApiOperation({
    operationId: 'listWebhookSecrets',
    summary: 'List the secrets of a webhook endpoint, by id',
  })
  @EndpointInPath()
  @Answers(WebhookSecretsResponse, { errors: ['webhook.not_found'] })
  async list(
    @Param('endpointId', new UuidPipe('webhook.not_found')) endpointId: string,
  ): Promise<WebhookSecretsResponse> {
    const secrets = await this.secrets.list(endpointId);
    return { items: secrets.map((secret) => WebhookSecretResponse.of(secret)) };
  }

  @Post()
  @NeedsScope('webhooks:write')
  @CreatesOnce()
  @ApiOperation({
    operationId: 'addWebhookSecret',
    summary: 'Add a secret; it is shown once, and the older ones expire',
  })
  @EndpointInPath()
  @Answers(IssuedWebhookSecretResponse, {
    status: 201,
    errors: ['webhook.not_found', 'webhook.too_many_secrets'],
  })
  async add(
    @Param('endpointId', new UuidPipe('webhook.not_found')) endpointId: string,
    @Body() wanted: AddWebhookSecretRequest,
  ): Promise<IssuedWebhookSecretResponse> {
    return IssuedWebhookSecretResponse.of(await this.secrets.add(endpointId, wanted.toWanted()));
  }

  @Delete(':secretId')
  @NeedsScope('webhooks:write')
  @ApiOperation({
    operationId: 'removeWebhookSecret',
    summary: 'Remove a secret',
    description: 'One that does not expire remains.',
  })
  @EndpointInPath()
  @SecretInPath()
  @Answers(null, { errors: ['webhook.not_found', 'webhook.secret_not_found', 'webhook.last_secret'] })
  async remove(
    @Param('endpointId', new UuidPipe('webhook.not_found')) endpointId: string,
    @Param('secretId', new UuidPipe('webhook.secret_not_found')) secretId: string,
  ): Promise<void> {
    await this.secrets.remove(endpointId, secretId);
  }
}
