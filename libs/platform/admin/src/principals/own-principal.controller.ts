import { Body, Delete, Get, Post } from '@nestjs/common';
import { Operation } from '../routes/operation';
import { IdInPath } from '@countersign/http';
import { PrincipalResponse } from '../dto/principal.dto';
import {
  AddPrincipalSecretRequest,
  IssuedSecretResponse,
  PrincipalSecretResponse,
  PrincipalSecretsResponse,
} from '../dto/principal-secret.dto';
import { AdminController } from '../routes/admin-controller';
import { Caller } from '../routes/admin-request';
import { CreatesOnce } from '../routes/creates-once';
import type { Principal } from './principal';
import { PrincipalsService } from './principals.service';

/** What every principal may do about itself, with any token. */
@AdminController('me', 'Principals')
export class OwnPrincipalController {
  constructor(private readonly principals: PrincipalsService) {}

  @Get()
  @Operation('readOwnPrincipal', 'any', PrincipalResponse, 'Read the calling principal')
  async read(@Caller() { principalId }: Principal): Promise<PrincipalResponse> {
    return PrincipalResponse.of(await this.principals.get(principalId));
  }

  @Get('secrets')
  @Operation('listOwnSecrets', 'any', PrincipalSecretsResponse, 'List the secrets of the calling principal')
  async listSecrets(@Caller() { principalId }: Principal): Promise<PrincipalSecretsResponse> {
    const secrets = await this.principals.listSecrets(principalId);
    return { items: secrets.map((secret) => PrincipalSecretResponse.of(secret)) };
  }

  @Post('secrets')
  @Operation('addOwnSecret', 'any', IssuedSecretResponse, {
    summary: 'Add a secret to the calling principal; it is shown once',
    description:
      'The first call of a person, whose first secret is for one use. It needs a token with all scopes of the principal.',
    status: 201,
    errors: ['principal.too_many_secrets', 'principal.exceeds_own_scopes', 'principal.of_provider'],
  })
  @CreatesOnce()
  async addSecret(
    @Body() wanted: AddPrincipalSecretRequest,
    @Caller() caller: Principal,
  ): Promise<IssuedSecretResponse> {
    return IssuedSecretResponse.of(
      await this.principals.addSecret(caller.principalId, wanted.toNewSecret(), caller),
    );
  }

  @Delete('secrets/:secretId')
  @Operation('removeOwnSecret', 'any', null, {
    summary: 'Remove a secret of the calling principal, with the tokens that it was used for',
    description: 'It needs a token with all scopes of the principal.',
    errors: ['principal.exceeds_own_scopes'],
  })
  async removeSecret(
    @IdInPath('secretId', 'principal.secret_not_found') secretId: string,
    @Caller() caller: Principal,
  ): Promise<void> {
    await this.principals.removeSecret(caller.principalId, secretId, caller);
  }
}
