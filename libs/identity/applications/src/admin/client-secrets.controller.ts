import { Body, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { AdminController, CreatesOnce, NeedsScope } from '@countersign/admin';
import { Answers, UuidPipe } from '@countersign/http';
import { ClientSecrets } from '../secrets/client-secrets';
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
  @NeedsScope('applications:read')
  @ApiOperation({
    operationId: 'listClientSecrets',
    summary: 'List the client secrets of an application, by name',
  })
  @ApplicationInPath()
  @Answers(ClientSecretsResponse, { errors: ['application.not_found'] })
  async list(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
  ): Promise<ClientSecretsResponse> {
    const secrets = await this.secrets.list(applicationId);
    return { items: secrets.map((secret) => ClientSecretResponse.of(secret)) };
  }

  @Post()
  @NeedsScope('secrets:write')
  @CreatesOnce()
  @ApiOperation({ operationId: 'addClientSecret', summary: 'Add a client secret; it is shown once' })
  @ApplicationInPath()
  @Answers(IssuedClientSecretResponse, {
    status: 201,
    errors: ['application.not_found', 'client_secret.invalid_name'],
  })
  add(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
    @Body() { name }: AddClientSecretRequest,
  ): Promise<IssuedClientSecretResponse> {
    return this.secrets.add(applicationId, name);
  }

  @Delete(':secretId')
  @NeedsScope('secrets:write')
  @ApiOperation({
    operationId: 'removeClientSecret',
    summary: 'Remove a client secret',
    description: 'Also the last one: then no server authenticates as the application.',
  })
  @ApplicationInPath()
  @SecretInPath()
  @Answers(null, { errors: ['application.not_found', 'client_secret.not_found'] })
  async remove(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
    @Param('secretId', new UuidPipe('client_secret.not_found')) secretId: string,
  ): Promise<void> {
    await this.secrets.remove(applicationId, secretId);
  }
}
