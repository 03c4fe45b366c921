import { Get, Post, Query } from '@nestjs/common';
import { AdminController, Cursors, Operation } from '@countersign/admin';
import { IdInPath, type Keyset } from '@countersign/http';
import { UserDirectory } from '@countersign/users';
import {
  AdminUserDetailResponse,
  AdminUserPageResponse,
  AdminUserResponse,
  UserStatusResponse,
} from './dto/user.dto';
import { UsersQuery } from './dto/users.query';
import { UserActs } from './user-acts.service';

/** Lists of accounts, and their state. */
@AdminController('users', 'Users')
export class AdminUsersController {
  constructor(
    private readonly directory: UserDirectory,
    private readonly acts: UserActs,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Operation('listUsers', 'users:read', AdminUserPageResponse, {
    summary: 'List accounts, newest first',
    description: 'Without personal fields: those of one account are read with `revealUser`.',
  })
  list(@Query() query: UsersQuery): Promise<AdminUserPageResponse> {
    const read = (keyset: Keyset) => this.directory.list(UsersQuery.toFilter(query), keyset);
    return this.cursors.page('users', query, AdminUserResponse, read, ({ userId }) => userId);
  }

  @Get(':userId')
  @Operation('readUser', 'users:read', AdminUserDetailResponse, {
    summary: 'Read an account',
    description: 'For the id of a merged account the surviving one, with `mergedFrom`.',
  })
  async read(@IdInPath('userId', 'user.not_found') id: string): Promise<AdminUserDetailResponse> {
    return AdminUserDetailResponse.ofId(id, await this.directory.get(id));
  }

  @Post(':userId/deactivate')
  @Operation('deactivateUser', 'users:write', UserStatusResponse, {
    summary: 'Deactivate an account, which ends its sessions',
    description: 'Proofs that were made before open no session afterwards either.',
  })
  deactivate(@IdInPath('userId', 'user.not_found') id: string): Promise<UserStatusResponse> {
    return this.acts.setStatus(id, 'deactivated');
  }

  @Post(':userId/activate')
  @Operation('activateUser', 'users:write', UserStatusResponse, 'Reactivate an account')
  activate(@IdInPath('userId', 'user.not_found') id: string): Promise<UserStatusResponse> {
    return this.acts.setStatus(id, 'active');
  }
}
