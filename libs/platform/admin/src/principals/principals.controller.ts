import { Body, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Answers, TakesMergePatch, UuidPipe } from '@countersign/http';
import {
  ChangePrincipalRequest,
  CreatePrincipalRequest,
  PrincipalPageResponse,
  PrincipalResponse,
  PrincipalsQuery,
} from '../dto/principal.dto';
import {
  AddPrincipalSecretRequest,
  CreatedPrincipalResponse,
  IssuedSecretResponse,
  PrincipalSecretResponse,
  PrincipalSecretsResponse,
} from '../dto/principal-secret.dto';
import { Cursors } from '../lists/cursors';
import { AdminController } from '../routes/admin-controller';
import { Caller } from '../routes/admin-request';
import { CreatesOnce } from '../routes/creates-once';
import { ChangesWhatIsCurrent, HasETag, IfMatch, type AssertCurrent } from '../routes/etag';
import { NeedsScope } from '../routes/needs-scope';
import type { Principal } from './principal';
import { PrincipalsService } from './principals.service';

const LIST = 'principals';

@AdminController('principals', 'Principals')
export class PrincipalsController {
  constructor(
    private readonly principals: PrincipalsService,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @NeedsScope('principals:read')
  @ApiOperation({ operationId: 'listPrincipals', summary: 'List principals, newest first' })
  @Answers(PrincipalPageResponse)
  async list(@Query() query: PrincipalsQuery): Promise<PrincipalPageResponse> {
    const found = await this.principals.list(this.cursors.keysetOf(LIST, query));
    return this.cursors.pageOf(LIST, query, found, {
      idOf: ({ id }) => id,
      toItem: (one) => PrincipalResponse.of(one),
    });
  }

  @Post()
  @NeedsScope('principals:write')
  @CreatesOnce()
  @ApiOperation({
    operationId: 'createPrincipal',
    summary: 'Create a principal; its first secret is shown once',
  })
  @Answers(CreatedPrincipalResponse, {
    status: 201,
    errors: ['principal.name_taken', 'principal.exceeds_own_scopes'],
  })
  async create(
    @Body() wanted: CreatePrincipalRequest,
    @Caller() caller: Principal,
  ): Promise<CreatedPrincipalResponse> {
    const { principal, secret } = await this.principals.create(wanted, caller);
    return {
      principal: PrincipalResponse.of(principal),
      secret: secret && IssuedSecretResponse.of(secret),
    };
  }

  @Get(':principalId')
  @NeedsScope('principals:read')
  @HasETag()
  @ApiOperation({ operationId: 'readPrincipal', summary: 'Read a principal' })
  @Answers(PrincipalResponse, { errors: ['principal.not_found'] })
  async read(
    @Param('principalId', new UuidPipe('principal.not_found')) principalId: string,
  ): Promise<PrincipalResponse> {
    return PrincipalResponse.of(await this.principals.get(principalId));
  }

  @Patch(':principalId')
  @NeedsScope('principals:write')
  @TakesMergePatch()
  @ChangesWhatIsCurrent()
  @ApiOperation({
    operationId: 'changePrincipal',
    summary: 'Change a principal by a JSON merge patch',
    description:
      'Scopes that are taken away are gone from its tokens at once. Where a key is removed, the tokens for client ' +
      'assertions end.',
  })
  @Answers(PrincipalResponse, {
    errors: [
      'principal.not_found',
      'principal.name_taken',
      'principal.exceeds_own_scopes',
      'principal.last_administrator',
    ],
  })
  async change(
    @Param('principalId', new UuidPipe('principal.not_found')) principalId: string,
    @Body() change: ChangePrincipalRequest,
    @IfMatch() assertCurrent: AssertCurrent,
    @Caller() caller: Principal,
  ): Promise<PrincipalResponse> {
    const changed = await this.principals.update(principalId, change, caller, (current) => {
      assertCurrent(PrincipalResponse.of(current));
    });
    return PrincipalResponse.of(changed);
  }

  @Delete(':principalId')
  @NeedsScope('principals:write')
  @ApiOperation({
    operationId: 'removePrincipal',
    summary: 'Remove a principal, with its secrets and tokens',
  })
  @Answers(null, {
    errors: ['principal.not_found', 'principal.exceeds_own_scopes', 'principal.last_administrator'],
  })
  async remove(
    @Param('principalId', new UuidPipe('principal.not_found')) principalId: string,
    @Caller() caller: Principal,
  ): Promise<void> {
    await this.principals.remove(principalId, caller);
  }

  @Get(':principalId/secrets')
  @NeedsScope('principals:read')
  @ApiOperation({ operationId: 'listPrincipalSecrets', summary: 'List the secrets of a principal, by name' })
  @Answers(PrincipalSecretsResponse, { errors: ['principal.not_found'] })
  async listSecrets(
    @Param('principalId', new UuidPipe('principal.not_found')) principalId: string,
  ): Promise<PrincipalSecretsResponse> {
    const secrets = await this.principals.listSecrets(principalId);
    return { items: secrets.map((secret) => PrincipalSecretResponse.of(secret)) };
  }

  @Post(':principalId/secrets')
  @NeedsScope('principals:write')
  @CreatesOnce()
  @ApiOperation({ operationId: 'addPrincipalSecret', summary: 'Add a secret; it is shown once' })
  @Answers(IssuedSecretResponse, {
    status: 201,
    errors: ['principal.not_found', 'principal.exceeds_own_scopes', 'principal.too_many_secrets'],
  })
  async addSecret(
    @Param('principalId', new UuidPipe('principal.not_found')) principalId: string,
    @Body() wanted: AddPrincipalSecretRequest,
    @Caller() caller: Principal,
  ): Promise<IssuedSecretResponse> {
    return IssuedSecretResponse.of(
      await this.principals.addSecret(principalId, wanted.toNewSecret(), caller),
    );
  }

  @Delete(':principalId/secrets/:secretId')
  @NeedsScope('principals:write')
  @ApiOperation({
    operationId: 'removePrincipalSecret',
    summary: 'Remove a secret, with the tokens that it was used for',
  })
  @Answers(null, {
    errors: ['principal.not_found', 'principal.secret_not_found', 'principal.exceeds_own_scopes'],
  })
  async removeSecret(
    @Param('principalId', new UuidPipe('principal.not_found')) principalId: string,
    @Param('secretId', new UuidPipe('principal.secret_not_found')) secretId: string,
    @Caller() caller: Principal,
  ): Promise<void> {
    await this.principals.removeSecret(principalId, secretId, caller);
  }
}
