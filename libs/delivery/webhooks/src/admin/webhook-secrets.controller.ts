import { Body, Delete, Get, Post } from '@nestjs/common';
import { AdminController, CreatesOnce, Operation } from '@countersign/admin';
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
  })
  async list(@EndpointInPath() endpointId: string): Promise<WebhookSecretsResponse> {
    const secrets = await this.secrets.list(endpointId);
    return { items: secrets.map((secret) => WebhookSecretResponse.of(secret)) };
  }

  @Post()
  @Operation('addWebhookSecret', 'webhooks:write', IssuedWebhookSecretResponse, {
    summary: 'Add a secret; it is shown once, and the older ones expire',
    status: 201,
    errors: ['webhook.too_many_secrets'],
  })
  @CreatesOnce()
  async add(
    @EndpointInPath() endpointId: string,
    @Body() wanted: AddWebhookSecretRequest,
  ): Promise<IssuedWebhookSecretResponse> {
    return IssuedWebhookSecretResponse.of(await this.secrets.add(endpointId, wanted.until()));
  }

  @Delete(':secretId')
  @Operation('removeWebhookSecret', 'webhooks:write', null, {
    summary: 'Remove a secret',
    description: 'One that does not expire remains.',
    errors: ['webhook.last_secret'],
  })
  async remove(@EndpointInPath() endpointId: string, @SecretInPath() secretId: string): Promise<void> {
    await this.secrets.remove(endpointId, secretId);
  }
}
