import { Body, Delete, Get, Patch, Post } from '@nestjs/common';
import { AdminController, Caller, CreatesOnce, Operation, type Principal } from '@countersign/admin';
import { ApplicationInPath } from '@countersign/applications';
import { IdInPath, TakesMergePatch } from '@countersign/http';
import {
  ChangeOpenidClientRequest,
  CreatedOpenidClientResponse,
  CreateOpenidClientRequest,
  fieldsOf,
  OpenidClientResponse,
  OpenidClientSecretResponse,
  OpenidClientsResponse,
} from './dto/openid-client.dto';
import { OpenidClients } from './openid-clients';
import { openidScopes } from '../openid.feature';

const ClientInPath = (): ParameterDecorator =>
  IdInPath('clientId', 'openid.client_not_found', 'The `client_id`.');

@AdminController('applications/:applicationId/openid-clients', 'Applications')
export class OpenidClientsController {
  constructor(private readonly clients: OpenidClients) {}

  @Get()
  @Operation('listOpenidClients', openidScopes.openidClientsRead, OpenidClientsResponse, {
    summary: 'List the clients that sign in with an application',
  })
  async list(@ApplicationInPath() applicationId: string): Promise<OpenidClientsResponse> {
    const clients = await this.clients.list(applicationId);
    return { items: clients.map((client) => OpenidClientResponse.of(client)) };
  }

  @Post()
  @Operation('createOpenidClient', openidScopes.openidClientsWrite, CreatedOpenidClientResponse, {
    summary: 'Create a client that signs in with an application; its secret is shown once',
    description:
      'A client of the operator, which is no third party, also needs the scope `applications:write`.',
    status: 201,
  })
  @CreatesOnce()
  async create(
    @Caller() caller: Principal,
    @ApplicationInPath() applicationId: string,
    @Body() wanted: CreateOpenidClientRequest,
  ): Promise<CreatedOpenidClientResponse> {
    const { isPublic = false } = wanted;
    const { client, clientSecret } = await this.clients.create(
      caller,
      applicationId,
      fieldsOf(wanted),
      isPublic,
    );
    return { ...OpenidClientResponse.of(client), clientSecret };
  }

  @Get(':clientId')
  @Operation('readOpenidClient', openidScopes.openidClientsRead, OpenidClientResponse, 'Read a client')
  async read(
    @ApplicationInPath() applicationId: string,
    @ClientInPath() clientId: string,
  ): Promise<OpenidClientResponse> {
    return OpenidClientResponse.of(await this.clients.get(applicationId, clientId));
  }

  @Patch(':clientId')
  @Operation('changeOpenidClient', openidScopes.openidClientsWrite, OpenidClientResponse, {
    summary: 'Change a client by a JSON merge patch',
    description:
      'The scope `applications:write` is needed too if the change makes the client one of the operator, or adds a redirect ' +
      'address or a scope to such a client. If the name, the redirect addresses or the scopes change, people see the client once more before ' +
      'it signs them in without a question.',
  })
  @TakesMergePatch()
  async change(
    @Caller() caller: Principal,
    @ApplicationInPath() applicationId: string,
    @ClientInPath() clientId: string,
    @Body() change: ChangeOpenidClientRequest,
  ): Promise<OpenidClientResponse> {
    return OpenidClientResponse.of(await this.clients.change(caller, applicationId, clientId, change));
  }

  @Delete(':clientId')
  @Operation('removeOpenidClient', openidScopes.openidClientsWrite, null, {
    summary: 'Remove a client',
    description: 'Its tokens are refused at once.',
  })
  async remove(@ApplicationInPath() applicationId: string, @ClientInPath() clientId: string): Promise<void> {
    await this.clients.remove(applicationId, clientId);
  }

  @Post(':clientId/rotate-secret')
  @Operation('rotateOpenidClientSecret', openidScopes.openidClientsWrite, OpenidClientSecretResponse, {
    summary: 'Replace the secret of a client; the new one is shown once',
    description: 'The former secret is refused at once.',
    errors: ['openid.client_is_public'],
  })
  async rotateSecret(
    @ApplicationInPath() applicationId: string,
    @ClientInPath() clientId: string,
  ): Promise<OpenidClientSecretResponse> {
    return { clientSecret: await this.clients.rotateSecret(applicationId, clientId) };
  }
}
