import { Body, Delete, Get, Param, Post } from '@nestjs/common';
import { AdminController, CreatesOnce, Operation } from '@countersign/admin';
import { UuidPipe } from '@countersign/http';
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
  @Operation('listWebhookSecrets', 'webhooks:read', WebhookSecretsResponse, {
    summary: 'List the secrets of a webhook endpoint, by id',
    errors: ['webhook.not_found'],
  })
  @EndpointInPath()
  async list(
    @Param('endpointId', new UuidPipe('webhook.not_found')) endpointId: string,
  ): Promise<WebhookSecretsResponse> {
    const secrets = await this.secrets.list(endpointId);
    return { items: secrets.map((secret) => WebhookSecretResponse.of(secret)) };
  }

  @Post()
  @Operation('addWebhookSecret', 'webhooks:write', IssuedWebhookSecretResponse, {
    summary: 'Add a secret; it is shown once, and the older ones expire',
    status: 201,
    errors: ['webhook.not_found', 'webhook.too_many_secrets'],
  })
  @CreatesOnce()
  @EndpointInPath()
  async add(
    @Param('endpointId', new UuidPipe('webhook.not_found')) endpointId: string,
    @Body() wanted: AddWebhookSecretRequest,
  ): Promise<IssuedWebhookSecretResponse> {
    return IssuedWebhookSecretResponse.of(await this.secrets.add(endpointId, wanted.toWanted()));
  }

  @Delete(':secretId')
  @Operation('removeWebhookSecret', 'webhooks:write', null, {
    summary: 'Remove a secret',
    description: 'One that does not expire remains.',
    errors: ['webhook.not_found', 'webhook.secret_not_found', 'webhook.last_secret'],
  })
  @EndpointInPath()
  @SecretInPath()
  async remove(
    @Param('endpointId', new UuidPipe('webhook.not_found')) endpointId: string,
    @Param('secretId', new UuidPipe('webhook.secret_not_found')) secretId: string,
  ): Promise<void> {
    await this.secrets.remove(endpointId, secretId);
  }
}
