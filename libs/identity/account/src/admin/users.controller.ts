import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  BulkResponse,
  CountResponse,
  Cursors,
  forEachItem,
  NeedsScope,
} from '@countersign/admin';
import { Answers, UuidPipe } from '@countersign/http';
import { Logger } from '@countersign/observability';
import { UserDirectory } from '@countersign/users';
import {
  AdminUserDetailResponse,
  AdminUserPageResponse,
  AdminUserResponse,
  UserIdsRequest,
  UserStatusResponse,
} from './dto/user.dto';
import { UserFilterQuery, UsersQuery } from './dto/users.query';
import { UserActs } from './user-acts.service';
import { UserDetails } from './user-details.service';

const LIST = 'users';
const userId = new UuidPipe('user.not_found');

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
  @NeedsScope('users:read')
  @ApiOperation({
    operationId: 'listUsers',
    summary: 'List accounts, newest first',
    description: 'Without personal fields: those of one account are read with `revealUser`.',
  })
  @Answers(AdminUserPageResponse)
  async list(@Query() query: UsersQuery): Promise<AdminUserPageResponse> {
    const keyset = this.cursors.keysetOf(LIST, query);
    const found = await this.directory.list(UserFilterQuery.toFilter(query), keyset);
    return this.cursors.pageOf(LIST, query, found, {
      idOf: (user) => user.userId,
      toItem: (user) => AdminUserResponse.of(user),
    });
  }

  @Get('count')
  @NeedsScope('users:read')
  @ApiOperation({ operationId: 'countUsers', summary: 'Count accounts, up to 10000' })
  @Answers(CountResponse)
  count(@Query() query: UserFilterQuery): Promise<CountResponse> {
    return this.directory.count(UserFilterQuery.toFilter(query));
  }

  @Post('deactivate')
  @NeedsScope('users:write')
  @ApiOperation({
    operationId: 'deactivateUsers',
    summary: 'Deactivate up to 1000 accounts, which ends their sessions',
  })
  @Answers(BulkResponse, { description: 'Done, or not: one result for each account.' })
  deactivateAll(@Body() { userIds }: UserIdsRequest): Promise<BulkResponse> {
    return forEachItem(userIds, (id) => this.acts.setStatus(id.toLowerCase(), 'deactivated'), this.logger);
  }

  @Post('activate')
  @NeedsScope('users:write')
  @ApiOperation({ operationId: 'activateUsers', summary: 'Reactivate up to 1000 accounts' })
  @Answers(BulkResponse, { description: 'Done, or not: one result for each account.' })
  activateAll(@Body() { userIds }: UserIdsRequest): Promise<BulkResponse> {
    return forEachItem(userIds, (id) => this.acts.setStatus(id.toLowerCase(), 'active'), this.logger);
  }

  @Get(':userId')
  @NeedsScope('users:read')
  @ApiOperation({
    operationId: 'readUser',
    summary: 'Read an account',
    description:
      'For the id of a merged account the surviving one, with `mergedFrom`. With the joins that it asked for lately.',
  })
  @Answers(AdminUserDetailResponse, { errors: ['user.not_found'] })
  read(@Param('userId', userId) id: string): Promise<AdminUserDetailResponse> {
    return this.details.read(id);
  }

  @Post(':userId/deactivate')
  @NeedsScope('users:write')
  @ApiOperation({
    operationId: 'deactivateUser',
    summary: 'Deactivate an account, which ends its sessions',
    description: 'Proofs that were made before open no session afterwards either.',
  })
  @Answers(UserStatusResponse, { errors: ['user.not_found'] })
  deactivate(@Param('userId', userId) id: string): Promise<UserStatusResponse> {
    return this.acts.setStatus(id, 'deactivated');
  }

  @Post(':userId/activate')
  @NeedsScope('users:write')
  @ApiOperation({ operationId: 'activateUser', summary: 'Reactivate an account' })
  @Answers(UserStatusResponse, { errors: ['user.not_found'] })
  activate(@Param('userId', userId) id: string): Promise<UserStatusResponse> {
    return this.acts.setStatus(id, 'active');
  }
}
