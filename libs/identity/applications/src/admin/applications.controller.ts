import { Body, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { AdminController, CreatesOnce, Operation } from '@countersign/admin';
import { IdInPath, PageQuery, readPage, TakesMergePatch, toResponse, type Keyset } from '@countersign/http';
import { ApplicationsService } from '../applications.service';
import { ClientSecrets } from '../secrets/client-secrets';
import {
  AddClientSecretRequest,
  ApplicationPageResponse,
  ApplicationResponse,
  ChangeApplicationRequest,
  ClientSecretResponse,
  ClientSecretsResponse,
  CreateApplicationRequest,
  CreatedApplicationResponse,
  IssuedClientSecretResponse,
  ListedApplicationResponse,
} from './dto/application.dto';
import { applicationScopes } from '../applications.feature';

export const ApplicationInPath = (): ParameterDecorator =>
  IdInPath('applicationId', 'application.not_found', 'The application.');

@AdminController('applications', 'Applications')
export class ApplicationsController {
  constructor(private readonly applications: ApplicationsService) {}

  @Get()
  @Operation('listApplications', applicationScopes.applicationsRead, ApplicationPageResponse, {
    summary: 'List applications, newest first',
  })
  list(@Query() query: PageQuery): Promise<ApplicationPageResponse> {
    const read = (keyset: Keyset) => this.applications.listStored(keyset);
    return readPage(query, ListedApplicationResponse, read);
  }

  @Post()
  @Operation('createApplication', applicationScopes.applicationsWrite, CreatedApplicationResponse, {
    summary: 'Create an application; its first client secret is shown once',
    status: 201,
  })
  @CreatesOnce()
  async create(@Body() wanted: CreateApplicationRequest): Promise<CreatedApplicationResponse> {
    const { application, secretId, clientSecret } = await this.applications.create(wanted);
    return { application: ApplicationResponse.of(application), secret: { secretId, clientSecret } };
  }

  @Get(':applicationId')
  @Operation('readApplication', applicationScopes.applicationsRead, ApplicationResponse, {
    summary: 'Read an application with its settings',
  })
  async read(@ApplicationInPath() applicationId: string): Promise<ApplicationResponse> {
    return ApplicationResponse.of(await this.applications.getStored(applicationId));
  }

  @Patch(':applicationId')
  @Operation('changeApplication', applicationScopes.applicationsWrite, ApplicationResponse, {
    summary: 'Change the name and the settings of an application by a JSON merge patch',
  })
  @TakesMergePatch()
  async change(
    @ApplicationInPath() applicationId: string,
    @Body() change: ChangeApplicationRequest,
  ): Promise<ApplicationResponse> {
    return ApplicationResponse.of(await this.applications.change(applicationId, change));
  }
}

@AdminController('applications/:applicationId/secrets', 'Applications')
export class ClientSecretsController {
  constructor(private readonly secrets: ClientSecrets) {}

  @Get()
  @Operation('listClientSecrets', applicationScopes.applicationsRead, ClientSecretsResponse, {
    summary: 'List the client secrets of an application, by name',
  })
  async list(@ApplicationInPath() applicationId: string): Promise<ClientSecretsResponse> {
    const secrets = await this.secrets.list(applicationId);
    return { items: secrets.map((secret) => toResponse(ClientSecretResponse, secret)) };
  }

  @Post()
  @Operation('addClientSecret', applicationScopes.secretsWrite, IssuedClientSecretResponse, {
    summary: 'Add a client secret; it is shown once',
    status: 201,
  })
  @CreatesOnce()
  add(
    @ApplicationInPath() applicationId: string,
    @Body() { name }: AddClientSecretRequest,
  ): Promise<IssuedClientSecretResponse> {
    return this.secrets.add(applicationId, name);
  }

  @Delete(':secretId')
  @Operation('removeClientSecret', applicationScopes.secretsWrite, null, {
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
