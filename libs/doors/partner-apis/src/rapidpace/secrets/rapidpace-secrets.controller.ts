import { Body, Delete, Get, Post } from '@nestjs/common';
import { AdminController, CreatesOnce, Operation } from '@countersign/admin';
import { ApplicationInPath, applicationScopes } from '@countersign/applications';
import { Id, IdInPath, Instant, ListOf, Text, toResponse } from '@countersign/http';
import { RapidpaceSecrets } from './rapidpace-secrets';

const MAX_SECRET_LENGTH = 512;

class AddRapidpaceSecretRequest {
  @Text(
    'The secret as Rapidpace provided it, 16 to 512 visible characters.',
    'URGv5f9J4KbAIkod02uLEXfUMEKhDE1s',
    { input: 'required', max: MAX_SECRET_LENGTH },
  )
  secret: string;
}

class AddedRapidpaceSecretResponse {
  @Id('Its id; of a secret that was there already the id that it has.')
  secretId: string;
}

class RapidpaceSecretResponse extends AddedRapidpaceSecretResponse {
  @Instant('When it was added.')
  createdAt: string;
}

class RapidpaceSecretsResponse {
  @ListOf(RapidpaceSecretResponse, 'All of them, oldest first.')
  items: readonly RapidpaceSecretResponse[];
}

@AdminController('applications/:applicationId/rapidpace-secrets', 'Applications')
export class RapidpaceSecretsController {
  constructor(private readonly secrets: RapidpaceSecrets) {}

  @Get()
  @Operation(
    'listRapidpaceSecrets',
    applicationScopes.applicationsRead,
    RapidpaceSecretsResponse,
    'List Rapidpace secrets',
  )
  async list(@ApplicationInPath() applicationId: string): Promise<RapidpaceSecretsResponse> {
    const secrets = await this.secrets.list(applicationId);
    return { items: secrets.map((secret) => toResponse(RapidpaceSecretResponse, secret)) };
  }

  @Post()
  @Operation('addRapidpaceSecret', applicationScopes.secretsWrite, AddedRapidpaceSecretResponse, {
    summary: 'Add a secret that Rapidpace signs with',
    description:
      'A person who has the secret can sign in as each player. A secret that the application already has is not added again.',
    status: 201,
    errors: ['rapidpace.invalid_secret'],
  })
  @CreatesOnce()
  add(
    @ApplicationInPath() applicationId: string,
    @Body() { secret }: AddRapidpaceSecretRequest,
  ): Promise<AddedRapidpaceSecretResponse> {
    return this.secrets.add(applicationId, secret);
  }

  @Delete(':secretId')
  @Operation('removeRapidpaceSecret', applicationScopes.secretsWrite, null, 'Remove a Rapidpace secret')
  async remove(
    @ApplicationInPath() applicationId: string,
    @IdInPath('secretId', 'rapidpace.secret_not_found', 'The secret, as the list names it.') secretId: string,
  ): Promise<void> {
    await this.secrets.remove(applicationId, secretId);
  }
}
