import { Get, Post, Query } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath, type Keyset, readPage } from '@countersign/http';
import { IdentityDirectory } from '@countersign/users';
import { Separation } from '../separation/separation';
import {
  AdminIdentityPageResponse,
  AdminIdentityResponse,
  IdentitiesQuery,
  IdentityDetachmentResponse,
} from './dto/identity.dto';
import { accountScopes } from '../account.feature';

const IdentityInPath = (): ParameterDecorator => IdInPath('identityId', 'identity.not_found');

@AdminController('identities', 'Identities')
export class AdminIdentitiesController {
  constructor(
    private readonly directory: IdentityDirectory,
    private readonly separation: Separation,
  ) {}

  @Get()
  @Operation('listIdentities', accountScopes.identitiesRead, AdminIdentityPageResponse, {
    summary: 'List identities, newest first',
    description:
      'Without the ids and names of the platforms: those of one account are read with `revealUser`.',
  })
  list(@Query() query: IdentitiesQuery): Promise<AdminIdentityPageResponse> {
    const read = (keyset: Keyset) => this.directory.list(query, keyset);
    return readPage(query, AdminIdentityResponse, read, ({ identityId }) => identityId);
  }

  @Get(':identityId')
  @Operation('readIdentity', accountScopes.identitiesRead, AdminIdentityResponse, 'Read an identity')
  async read(@IdentityInPath() id: string): Promise<AdminIdentityResponse> {
    return AdminIdentityResponse.of(await this.directory.get(id));
  }

  @Post(':identityId/detach')
  @Operation('detachIdentity', accountScopes.identitiesWrite, IdentityDetachmentResponse, {
    summary: 'Give an identity an account of its own; its sessions end',
    description:
      'Where the identity came by a merge that can still be separated, the whole merge is: the former account is there again, with what it had.',
    errors: ['identity.last_one'],
  })
  async detach(@IdentityInPath() id: string): Promise<IdentityDetachmentResponse> {
    const { userId, endedSessions, lost } = await this.separation.detach(id);
    return { identityId: id, userId, endedSessions, lost };
  }

  @Post(':identityId/confirm')
  @Operation('confirmIdentity', accountScopes.identitiesWrite, AdminIdentityResponse, {
    summary: 'Let an identity stay, for a person who confirmed it: its cap is lifted',
  })
  async confirm(@IdentityInPath() id: string): Promise<AdminIdentityResponse> {
    await this.separation.confirm(id);
    return AdminIdentityResponse.of(await this.directory.get(id));
  }
}
