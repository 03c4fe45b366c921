import { Body, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { IdInPath, PageQuery, readPage, TakesMergePatch, toResponse } from '@countersign/http';
import {
  AddPrincipalSecretRequest,
  ChangePrincipalRequest,
  CreatedPrincipalResponse,
  CreatePrincipalRequest,
  IssuedSecretResponse,
  PrincipalPageResponse,
  PrincipalResponse,
  PrincipalSecretResponse,
  PrincipalSecretsResponse,
} from '../dto/principal.dto';
import { AdminController, CreatesOnce, Operation } from '../routes/admin-controller';
import { Caller } from '../routes/admin.guard';
import type { Principal } from './principal';
import { PrincipalsService } from './principals.service';
import { adminScopes } from '../admin.feature';

/** Every principal may read these facts about itself, with any token. */
@AdminController('me', 'Principals')
export class OwnPrincipalController {
  constructor(private readonly principals: PrincipalsService) {}

  @Get()
  @Operation('readOwnPrincipal', 'any', PrincipalResponse, 'Read the calling principal')
  async read(@Caller() { principalId }: Principal): Promise<PrincipalResponse> {
    return PrincipalResponse.of(await this.principals.get(principalId));
  }
}

const PrincipalInPath = (): ParameterDecorator => IdInPath('principalId', 'principal.not_found');

@AdminController('principals', 'Principals')
export class PrincipalsController {
  constructor(private readonly principals: PrincipalsService) {}

  @Get()
  @Operation(
    'listPrincipals',
    adminScopes.principalsRead,
    PrincipalPageResponse,
    'List principals, newest first',
  )
  list(@Query() query: PageQuery): Promise<PrincipalPageResponse> {
    return readPage(query, PrincipalResponse, (keyset) => this.principals.list(keyset));
  }

  @Post()
  @Operation('createPrincipal', adminScopes.principalsWrite, CreatedPrincipalResponse, {
    summary: 'Create a principal; its first secret is shown once',
    status: 201,
    errors: ['principal.name_taken', 'principal.exceeds_own_scopes'],
  })
  @CreatesOnce()
  async create(
    @Body() wanted: CreatePrincipalRequest,
    @Caller() caller: Principal,
  ): Promise<CreatedPrincipalResponse> {
    const { principal, secret } = await this.principals.create(wanted, caller);
    return {
      principal: PrincipalResponse.of(principal),
      secret: toResponse(IssuedSecretResponse, secret),
    };
  }

  @Get(':principalId')
  @Operation('readPrincipal', adminScopes.principalsRead, PrincipalResponse, 'Read a principal')
  async read(@PrincipalInPath() id: string): Promise<PrincipalResponse> {
    return PrincipalResponse.of(await this.principals.get(id));
  }

  @Patch(':principalId')
  @Operation('changePrincipal', adminScopes.principalsWrite, PrincipalResponse, {
    summary: 'Change a principal by a JSON merge patch',
    description: 'Scopes that are taken away are gone from its tokens at once.',
    errors: [
      'principal.name_taken',
      'principal.exceeds_own_scopes',
      'principal.last_administrator',
      'principal.of_provider',
      'principal.person_taken',
    ],
  })
  @TakesMergePatch()
  async change(
    @PrincipalInPath() id: string,
    @Body() change: ChangePrincipalRequest,
    @Caller() caller: Principal,
  ): Promise<PrincipalResponse> {
    return PrincipalResponse.of(await this.principals.update(id, change, caller));
  }

  @Delete(':principalId')
  @Operation('removePrincipal', adminScopes.principalsWrite, null, {
    summary: 'Remove a principal, with its secrets and tokens',
    errors: ['principal.exceeds_own_scopes', 'principal.last_administrator', 'principal.of_provider'],
  })
  async remove(@PrincipalInPath() id: string, @Caller() caller: Principal): Promise<void> {
    await this.principals.remove(id, caller);
  }

  @Get(':principalId/secrets')
  @Operation('listPrincipalSecrets', adminScopes.principalsRead, PrincipalSecretsResponse, {
    summary: 'List the secrets of a principal, by name',
  })
  async listSecrets(@PrincipalInPath() id: string): Promise<PrincipalSecretsResponse> {
    const secrets = await this.principals.listSecrets(id);
    return { items: secrets.map((secret) => PrincipalSecretResponse.of(secret)) };
  }

  @Post(':principalId/secrets')
  @Operation('addPrincipalSecret', adminScopes.principalsWrite, IssuedSecretResponse, {
    summary: 'Add a secret; it is shown once',
    status: 201,
    errors: ['principal.exceeds_own_scopes', 'principal.too_many_secrets', 'principal.of_provider'],
  })
  @CreatesOnce()
  async addSecret(
    @PrincipalInPath() id: string,
    @Body() wanted: AddPrincipalSecretRequest,
    @Caller() caller: Principal,
  ): Promise<IssuedSecretResponse> {
    const secret = await this.principals.addSecret(id, wanted.toNewSecret(), caller);
    return toResponse(IssuedSecretResponse, secret);
  }

  @Delete(':principalId/secrets/:secretId')
  @Operation('removePrincipalSecret', adminScopes.principalsWrite, null, {
    summary: 'Remove a secret, with the tokens that it was used for',
    errors: ['principal.exceeds_own_scopes'],
  })
  async removeSecret(
    @PrincipalInPath() id: string,
    @IdInPath('secretId', 'principal.secret_not_found') secretId: string,
    @Caller() caller: Principal,
  ): Promise<void> {
    await this.principals.removeSecret(id, secretId, caller);
  }
}
