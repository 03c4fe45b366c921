import { Get, Post, Query } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath, PageQuery, type Keyset, readPage } from '@countersign/http';
import { IdentityDirectory, UserDirectory } from '@countersign/users';
import { DetachmentService } from '../identities/detachment.service';
import { InstallationService } from '../installation.service';
import {
  AdminIdentityPageResponse,
  AdminIdentityResponse,
  IdentityDetachmentResponse,
} from './dto/identity.dto';
import { IdentitiesQuery } from './dto/users.query';

const IdentityInPath = (): ParameterDecorator => IdInPath('identityId', 'identity.not_found');

@AdminController('identities', 'Identities')
export class AdminIdentitiesController {
  constructor(
    private readonly directory: IdentityDirectory,
    private readonly detachments: DetachmentService,
    private readonly installation: InstallationService,
  ) {}

  @Get()
  @Operation('listIdentities', 'identities:read', AdminIdentityPageResponse, {
    summary: 'List identities, newest first',
    description:
      'Without the ids and names of the platforms: those of one account are read with `revealUser`.',
  })
  list(@Query() query: IdentitiesQuery): Promise<AdminIdentityPageResponse> {
    const read = (keyset: Keyset) => this.directory.list(IdentitiesQuery.toFilter(query), keyset);
    return readPage(query, AdminIdentityResponse, read, ({ identityId }) => identityId);
  }

  @Get(':identityId')
  @Operation('readIdentity', 'identities:read', AdminIdentityResponse, 'Read an identity')
  async read(@IdentityInPath() id: string): Promise<AdminIdentityResponse> {
    return AdminIdentityResponse.of(await this.directory.get(id));
  }

  @Post(':identityId/detach')
  @Operation('detachIdentity', 'identities:write', IdentityDetachmentResponse, {
    summary: 'Give an identity an account of its own; its sessions end',
    description:
      'Where the identity came by a merge that can still be separated, the whole merge is: the former account is there again, with what it had.',
    errors: ['identity.last_one'],
  })
  async detach(@IdentityInPath() id: string): Promise<IdentityDetachmentResponse> {
    const { userId, endedSessions, lost } = await this.detachments.detach(id);
    return { identityId: id, userId, endedSessions, lost };
  }

  @Post(':identityId/confirm')
  @Operation('confirmIdentity', 'identities:write', AdminIdentityResponse, {
    summary: 'Let an identity stay, for a person who confirmed it: its cap is lifted',
  })
  async confirm(@IdentityInPath() id: string): Promise<AdminIdentityResponse> {
    await this.installation.confirmIdentity(id);
    return AdminIdentityResponse.of(await this.directory.get(id));
  }
}

/** Identities below their account. */
@AdminController('users/:userId/identities', 'Identities')
export class AdminUserIdentitiesController {
  constructor(
    private readonly directory: IdentityDirectory,
    private readonly users: UserDirectory,
  ) {}

  @Get()
  @Operation('listUserIdentities', 'identities:read', AdminIdentityPageResponse, {
    summary: 'List identities of an account, newest first',
  })
  list(
    @IdInPath('userId', 'user.not_found') id: string,
    @Query() query: PageQuery,
  ): Promise<AdminIdentityPageResponse> {
    const read = async (keyset: Keyset) => {
      const { userId } = await this.users.get(id);
      return this.directory.list({ userId }, keyset);
    };
    return readPage(query, AdminIdentityResponse, read, ({ identityId }) => identityId);
  }
}
