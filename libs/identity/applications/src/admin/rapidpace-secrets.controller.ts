import { Body, Delete, Get, Param, Post } from '@nestjs/common';
import { RapidpaceSecrets } from '../secrets/rapidpace-secrets';
import { AdminController, CreatesOnce, Operation } from '@countersign/admin';
import { UuidPipe } from '@countersign/http';
import {
  AddedRapidpaceSecretResponse,
  AddRapidpaceSecretRequest,
  RapidpaceSecretResponse,
  RapidpaceSecretsResponse,
} from './dto/rapidpace-secret.dto';
import { ApplicationInPath, SecretInPath } from './path-parameters';

@AdminController('applications/:applicationId/rapidpace-secrets', 'Applications')
export class RapidpaceSecretsController {
  constructor(private readonly secrets: RapidpaceSecrets) {}

  @Get()
  @Operation('listRapidpaceSecrets', 'applications:read', RapidpaceSecretsResponse, {
    summary: 'List the Rapidpace secrets of an application, by id',
    errors: ['application.not_found'],
  })
  @ApplicationInPath()
  async list(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
  ): Promise<RapidpaceSecretsResponse> {
    const secrets = await this.secrets.list(applicationId);
    return { items: secrets.map((secret) => RapidpaceSecretResponse.of(secret)) };
  }

  @Post()
  @Operation('addRapidpaceSecret', 'secrets:write', AddedRapidpaceSecretResponse, {
    summary: 'Add a secret that Rapidpace signs with',
    description: 'A secret that the application has already is not added again.',
    status: 201,
    errors: ['application.not_found', 'rapidpace.invalid_secret'],
  })
  @CreatesOnce()
  @ApplicationInPath()
  add(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
    @Body() { secret }: AddRapidpaceSecretRequest,
  ): Promise<AddedRapidpaceSecretResponse> {
    return this.secrets.add(applicationId, secret);
  }

  @Delete(':secretId')
  @Operation('removeRapidpaceSecret', 'secrets:write', null, {
    summary: 'Remove a Rapidpace secret; what it signed no longer verifies',
    errors: ['application.not_found', 'rapidpace.secret_not_found'],
  })
  @ApplicationInPath()
  @SecretInPath()
  async remove(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
    @Param('secretId', new UuidPipe('rapidpace.secret_not_found')) secretId: string,
  ): Promise<void> {
    await this.secrets.remove(applicationId, secretId);
  }
}
