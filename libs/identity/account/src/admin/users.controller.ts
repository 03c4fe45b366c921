import { Body, Get, Post, Query, type StreamableFile } from '@nestjs/common';
import { AdminController, Caller, Operation, type Principal } from '@countersign/admin';
import { IdInPath, readPage, toResponse, type Keyset } from '@countersign/http';
import { UserDirectory } from '@countersign/users';
import { AccountService } from '../account.service';
import { ErasureService } from '../erasure/erasure.service';
import { ExportService } from '../export/export.service';
import { AdminErasurePreviewResponse } from '../dto/erasure.response';
import { exportFile, ExportResponse } from '../export/export.controller';
import { FoundUsersResponse, LookUpUsersRequest } from './dto/lookup.dto';
import { RevealResponse, RevealUserRequest } from './dto/identity.dto';
import {
  AdminUserDetailResponse,
  AdminUserPageResponse,
  AdminUserResponse,
  EraseUserRequest,
  ReasonRequest,
  UserErasureResponse,
  UsersQuery,
  UserStatusResponse,
} from './dto/user.dto';
import { EndedSessionsResponse } from './revocation.controller';
import { LOOKUPS, UserLookups } from './user-lookups.service';
import { UserReveals } from '../reveals/user-reveals.service';
import { accountScopes } from '../account.feature';

const UserInPath = (): ParameterDecorator => IdInPath('userId', 'user.not_found');

const MERGED = 'user.merged_into_another';

/** For reads, the id of a merged account stands for the surviving one. Changes take only the account's own id. */
@AdminController('users', 'Users')
export class AdminUsersController {
  constructor(
    private readonly directory: UserDirectory,
    private readonly accounts: AccountService,
    private readonly erasures: ErasureService,
    private readonly exports: ExportService,
    private readonly lookups: UserLookups,
    private readonly reveals: UserReveals,
  ) {}

  @Get()
  @Operation('listUsers', accountScopes.usersRead, AdminUserPageResponse, {
    summary: 'List accounts, newest first',
    description: 'Without personal fields: those of one account are read with `revealUser`.',
  })
  list(@Query() query: UsersQuery): Promise<AdminUserPageResponse> {
    const read = (keyset: Keyset) => this.directory.list(query.status, keyset);
    return readPage(query, AdminUserResponse, read, ({ userId }) => userId);
  }

  @Get(':userId')
  @Operation('readUser', accountScopes.usersRead, AdminUserDetailResponse, {
    summary: 'Read an account',
    description: 'For the id of a merged account, the answer is the surviving account, with `mergedFrom`.',
  })
  async read(@UserInPath() id: string): Promise<AdminUserDetailResponse> {
    const user = AdminUserResponse.of(await this.directory.get(id));
    return { ...user, mergedFrom: id === user.userId ? null : id };
  }

  @Post(':userId/deactivate')
  @Operation('deactivateUser', accountScopes.usersWrite, UserStatusResponse, {
    summary: 'Deactivate an account, which ends its sessions',
    description: 'Proofs that were made before open no session afterwards either.',
    errors: [MERGED],
  })
  deactivate(@UserInPath() id: string): Promise<UserStatusResponse> {
    return this.accounts.setStatus(id, 'deactivated');
  }

  @Post(':userId/activate')
  @Operation('activateUser', accountScopes.usersWrite, UserStatusResponse, {
    summary: 'Activate an account',
    errors: [MERGED, 'account.erasures_wait'],
  })
  activate(@UserInPath() id: string): Promise<UserStatusResponse> {
    return this.accounts.setStatus(id, 'active');
  }

  @Post(':userId/sessions/end')
  @Operation('endUserSessions', accountScopes.sessionsEnd, EndedSessionsResponse, {
    summary: 'End all sessions of an account',
    description: 'Signs this person out everywhere. Launches from before now cannot sign in again.',
    errors: [MERGED],
  })
  endSessions(@UserInPath() userId: string): Promise<EndedSessionsResponse> {
    return this.accounts.revoke({ userId });
  }

  @Post('lookup')
  @Operation('lookUpUsers', accountScopes.usersLookup, FoundUsersResponse, {
    summary: 'Find an account by an id of a platform, an address, a username, a session or an account id',
    description:
      'By exactly one of the fields. Answers ids only. A miss is answered in the same form, and recorded in the audit ' +
      `trail like a hit. A principal can look up ${LOOKUPS.limit} an hour.`,
    errors: ['user.lookup_off', 'request.rate_limited'],
  })
  async lookUp(
    @Body() wanted: LookUpUsersRequest,
    @Caller() { principalId }: Principal,
  ): Promise<FoundUsersResponse> {
    return { userIds: await this.lookups.find(wanted.toKnown(), principalId) };
  }

  @Post(':userId/reveal')
  @Operation('revealUser', accountScopes.usersReveal, RevealResponse, {
    summary: 'Read personal fields of an account, with a reason',
    description:
      'The record of the audit trail, with the names of the fields and the reason, is stored before anything is opened, ' +
      'and the event `user.revealed` with it.',
  })
  async reveal(
    @UserInPath() id: string,
    @Body() { fields, reason }: RevealUserRequest,
  ): Promise<RevealResponse> {
    return toResponse(RevealResponse, await this.reveals.reveal(id, fields, reason));
  }

  @Post(':userId/export')
  @Operation('exportUser', accountScopes.usersExport, ExportResponse, {
    summary: 'Export everything that is stored about a person, with a reason',
    description:
      'The document of `GET /v1/me/export`, streamed; docs/export.schema.json describes it. It is recorded as with ' +
      '`revealUser`.',
  })
  async export(@UserInPath() id: string, @Body() { reason }: ReasonRequest): Promise<StreamableFile> {
    return exportFile(await this.exports.exportFor(id, reason));
  }

  @Get(':userId/erasure')
  @Operation('previewUserErasure', accountScopes.usersErase, AdminErasurePreviewResponse, {
    summary: 'Say when an account would be erased, and what would be lost',
    description: 'The result of `eraseUser` without `now`, if it was called at this moment. Nothing changes.',
    errors: [MERGED],
  })
  previewErasure(@UserInPath() id: string): Promise<AdminErasurePreviewResponse> {
    return this.erasures.previewFor(id);
  }

  @Post(':userId/erase')
  @Operation('eraseUser', accountScopes.usersErase, UserErasureResponse, {
    summary: 'Close an account, and have it erased',
    description:
      'Its sessions end at once. It is erased after `ERASURE_DAYS`, or at once with `now`. Until then ' +
      'the request can be cancelled (`cancelUserErasure`).',
    errors: [MERGED, 'account.erasures_wait', 'account.forfeit_not_named'],
  })
  async erase(
    @UserInPath() id: string,
    @Body() { reason, now = false, forfeit }: EraseUserRequest,
  ): Promise<UserErasureResponse> {
    return toResponse(UserErasureResponse, await this.erasures.eraseFor(id, reason, now, forfeit));
  }

  @Post(':userId/cancel-erasure')
  @Operation('cancelUserErasure', accountScopes.usersErase, UserErasureResponse, {
    summary: 'Cancel the requested erasure of an account',
    description:
      'Sessions that have ended stay ended. If the person requested the erasure in a session with assurance ' +
      '`platform`, only the person can cancel it.',
    errors: [
      MERGED,
      'account.erasures_wait',
      'user.no_erasure_requested',
      'user.erasure_not_of_operator',
      'user.erasure_started',
    ],
  })
  async cancelErasure(
    @UserInPath() userId: string,
    @Body() { reason }: ReasonRequest,
  ): Promise<UserErasureResponse> {
    await this.erasures.cancelFor(userId, reason);
    return { userId, erasesAt: null };
  }
}
