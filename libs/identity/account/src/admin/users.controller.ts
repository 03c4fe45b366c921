import { Body, Get, Post, Query } from '@nestjs/common';
import {
  AdminController,
  type AssertCurrent,
  BulkResponse,
  CountResponse,
  Cursors,
  forEachItem,
  HasETag,
  IfMatchWhereSent,
  Operation,
  TakesIfMatch,
} from '@countersign/admin';
import { IdInPath, type Keyset } from '@countersign/http';
import { Logger } from '@countersign/observability';
import { UserDirectory } from '@countersign/users';
import {
  AdminUserDetailResponse,
  AdminUserPageResponse,
  AdminUserResponse,
  stateOfResponse,
  UserIdsRequest,
  UserStatusResponse,
} from './dto/user.dto';
import { UserFilterQuery, UsersQuery } from './dto/users.query';
import { UserActs } from './user-acts.service';
import { UserDetails } from './user-details.service';

/** Lists of accounts, and their state. */
@AdminController('users', 'Users')
export class AdminUsersController {
  constructor(
    private readonly directory: UserDirectory,
    private readonly acts: UserActs,
    private readonly details: UserDetails,
    private readonly cursors: Cursors,
    private readonly logger: Logger,
  ) {}

  @Get()
  @Operation('listUsers', 'users:read', AdminUserPageResponse, {
    summary: 'List accounts, newest first',
    description: 'Without personal fields: those of one account are read with `revealUser`.',
  })
  list(@Query() query: UsersQuery): Promise<AdminUserPageResponse> {
    const read = (keyset: Keyset) => this.directory.list(UserFilterQuery.toFilter(query), keyset);
    return this.cursors.page('users', query, AdminUserResponse, read, ({ userId }) => userId);
  }

  @Get('count')
  @Operation('countUsers', 'users:read', CountResponse, 'Count accounts, up to 10000')
  count(@Query() query: UserFilterQuery): Promise<CountResponse> {
    return this.directory.count(UserFilterQuery.toFilter(query));
  }

  @Post('deactivate')
  @Operation('deactivateUsers', 'users:write', BulkResponse, {
    summary: 'Deactivate up to 1000 accounts, which ends their sessions',
    answerDescription: 'Done, or not: one result for each account.',
  })
  deactivateAll(@Body() { userIds }: UserIdsRequest): Promise<BulkResponse> {
    return forEachItem(userIds, (id) => this.acts.setStatus(id.toLowerCase(), 'deactivated'), this.logger);
  }

  @Post('activate')
  @Operation('activateUsers', 'users:write', BulkResponse, {
    summary: 'Reactivate up to 1000 accounts',
    answerDescription: 'Done, or not: one result for each account.',
  })
  activateAll(@Body() { userIds }: UserIdsRequest): Promise<BulkResponse> {
    return forEachItem(userIds, (id) => this.acts.setStatus(id.toLowerCase(), 'active'), this.logger);
  }

  @Get(':userId')
  @Operation('readUser', 'users:read', AdminUserDetailResponse, {
    summary: 'Read an account',
    description:
      'For the id of a merged account the surviving one, with `mergedFrom`. With the joins that it asked for lately.',
  })
  @HasETag(stateOfResponse)
  read(@IdInPath('userId', 'user.not_found') id: string): Promise<AdminUserDetailResponse> {
    return this.details.read(id);
  }

  @Post(':userId/deactivate')
  @Operation('deactivateUser', 'users:write', UserStatusResponse, {
    summary: 'Deactivate an account, which ends its sessions',
    description: 'Proofs that were made before open no session afterwards either.',
  })
  @TakesIfMatch()
  deactivate(
    @IdInPath('userId', 'user.not_found') id: string,
    @IfMatchWhereSent() assertCurrent: AssertCurrent,
  ): Promise<UserStatusResponse> {
    return this.acts.setStatus(id, 'deactivated', assertCurrent);
  }

  @Post(':userId/activate')
  @Operation('activateUser', 'users:write', UserStatusResponse, 'Reactivate an account')
  @TakesIfMatch()
  activate(
    @IdInPath('userId', 'user.not_found') id: string,
    @IfMatchWhereSent() assertCurrent: AssertCurrent,
  ): Promise<UserStatusResponse> {
    return this.acts.setStatus(id, 'active', assertCurrent);
  }
}
