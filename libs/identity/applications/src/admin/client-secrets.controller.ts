import { ClientSecrets } from '../secrets/client-secrets';
import { Body, Delete, Get, Post } from '@nestjs/common';
import { AdminController, CreatesOnce, Operation } from '@countersign/admin';
import { IdInPath, toResponse } from '@countersign/http';
import {
  AddClientSecretRequest,
  ClientSecretResponse,
  ClientSecretsResponse,
  IssuedClientSecretResponse,
} from './dto/client-secret.dto';
import { ApplicationInPath } from './path-parameters';

@AdminController('applications/:applicationId/secrets', 'Applications')
export class ClientSecretsController {
  constructor(private readonly secrets: ClientSecrets) {}

  @Get()
  @Operation('listClientSecrets', 'applications:read', ClientSecretsResponse, {
    summary: 'List the client secrets of an application, by name',
  })
  async list(@ApplicationInPath() applicationId: string): Promise<ClientSecretsResponse> {
    const secrets = await this.secrets.list(applicationId);
    return { items: secrets.map((secret) => toResponse(ClientSecretResponse, secret)) };
  }

  @Post()
  @Operation('addClientSecret', 'secrets:write', IssuedClientSecretResponse, {
    summary: 'Add a client secret; it is shown once',
    status: 201,
    errors: ['client_secret.invalid_name'],
  })
  @CreatesOnce()
  add(
    @ApplicationInPath() applicationId: string,
    @Body() { name }: AddClientSecretRequest,
  ): Promise<IssuedClientSecretResponse> {
    return this.secrets.add(applicationId, name);
  }

  @Delete(':secretId')
  @Operation('removeClientSecret', 'secrets:write', null, {
    summary: 'Remove a client secret',
    description: 'Also the last one: then no server authenticates as the application.',
  })
  async remove(
    @ApplicationInPath() applicationId: string,
    @IdInPath('secretId', 'client_secret.not_found', 'The secret, as the list names it.') secretId: string,
  ): Promise<void> {
    await this.secrets.remove(applicationId, secretId);
  }
}
