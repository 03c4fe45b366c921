import { Body, Delete, Get, Param, Post } from '@nestjs/common';
import { ClientSecrets } from '../secrets/client-secrets';
import { AdminController, CreatesOnce, Operation } from '@countersign/admin';
import { UuidPipe } from '@countersign/http';
import {
  AddClientSecretRequest,
  ClientSecretResponse,
  ClientSecretsResponse,
  IssuedClientSecretResponse,
} from './dto/client-secret.dto';
import { ApplicationInPath, SecretInPath } from './path-parameters';

@AdminController('applications/:applicationId/secrets', 'Applications')
export class ClientSecretsController {
  constructor(private readonly secrets: ClientSecrets) {}

  @Get()
  @Operation('listClientSecrets', 'applications:read', ClientSecretsResponse, {
    summary: 'List the client secrets of an application, by name',
    errors: ['application.not_found'],
  })
  @ApplicationInPath()
  async list(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
  ): Promise<ClientSecretsResponse> {
    const secrets = await this.secrets.list(applicationId);
    return { items: secrets.map((secret) => ClientSecretResponse.of(secret)) };
  }

  @Post()
  @Operation('addClientSecret', 'secrets:write', IssuedClientSecretResponse, {
    summary: 'Add a client secret; it is shown once',
    status: 201,
    errors: ['application.not_found', 'client_secret.invalid_name'],
  })
  @CreatesOnce()
  @ApplicationInPath()
  add(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
    @Body() { name }: AddClientSecretRequest,
  ): Promise<IssuedClientSecretResponse> {
    return this.secrets.add(applicationId, name);
  }

  @Delete(':secretId')
  @Operation('removeClientSecret', 'secrets:write', null, {
    summary: 'Remove a client secret',
    description: 'Also the last one: then no server authenticates as the application.',
    errors: ['application.not_found', 'client_secret.not_found'],
  })
  @ApplicationInPath()
  @SecretInPath()
  async remove(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
    @Param('secretId', new UuidPipe('client_secret.not_found')) secretId: string,
  ): Promise<void> {
    await this.secrets.remove(applicationId, secretId);
  }
}
