import { Body, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { AdminController, CreatesOnce, NeedsScope } from '@countersign/admin';
import { Answers, UuidPipe } from '@countersign/http';
import { RapidpaceSecrets } from '../secrets/rapidpace-secrets';
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
  @NeedsScope('applications:read')
  @ApiOperation({
    operationId: 'listRapidpaceSecrets',
    summary: 'List the Rapidpace secrets of an application, by id',
  })
  @ApplicationInPath()
  @Answers(RapidpaceSecretsResponse, { errors: ['application.not_found'] })
  async list(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
  ): Promise<RapidpaceSecretsResponse> {
    const secrets = await this.secrets.list(applicationId);
    return { items: secrets.map((secret) => RapidpaceSecretResponse.of(secret)) };
  }

  @Post()
  @NeedsScope('secrets:write')
  @CreatesOnce()
  @ApiOperation({
    operationId: 'addRapidpaceSecret',
    summary: 'Add a secret that Rapidpace signs with',
    description: 'A secret that the application has already is not added again.',
  })
  @ApplicationInPath()
  @Answers(AddedRapidpaceSecretResponse, {
    status: 201,
    errors: ['application.not_found', 'rapidpace.invalid_secret'],
  })
  add(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
    @Body() { secret }: AddRapidpaceSecretRequest,
  ): Promise<AddedRapidpaceSecretResponse> {
    return this.secrets.add(applicationId, secret);
  }

  @Delete(':secretId')
  @NeedsScope('secrets:write')
  @ApiOperation({
    operationId: 'removeRapidpaceSecret',
    summary: 'Remove a Rapidpace secret; what it signed no longer verifies',
  })
  @ApplicationInPath()
  @SecretInPath()
  @Answers(null, { errors: ['application.not_found', 'rapidpace.secret_not_found'] })
  async remove(
    @Param('applicationId', new UuidPipe('application.not_found')) applicationId: string,
    @Param('secretId', new UuidPipe('rapidpace.secret_not_found')) secretId: string,
  ): Promise<void> {
    await this.secrets.remove(applicationId, secretId);
  }
}
