import { Get, Post, Query } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath, type Keyset, readPage } from '@countersign/http';
import { UserDirectory, UsersService, type UserStatus } from '@countersign/users';
import {
  AdminUserDetailResponse,
  AdminUserPageResponse,
  AdminUserResponse,
  UserStatusResponse,
} from './dto/user.dto';
import { UsersQuery } from './dto/users.query';
import { AccountService } from '../account.service';

/** Lists of accounts, and their state. */
@AdminController('users', 'Users')
export class AdminUsersController {
  constructor(
    private readonly directory: UserDirectory,
    private readonly users: UsersService,
    private readonly accounts: AccountService,
  ) {}

  @Get()
  @Operation('listUsers', 'users:read', AdminUserPageResponse, {
    summary: 'List accounts, newest first',
    description: 'Without personal fields: those of one account are read with `revealUser`.',
  })
  list(@Query() query: UsersQuery): Promise<AdminUserPageResponse> {
    const read = (keyset: Keyset) => this.directory.list(query.status, keyset);
    return readPage(query, AdminUserResponse, read, ({ userId }) => userId);
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
    return this.setStatus(id, 'deactivated');
  }

  @Post(':userId/activate')
  @Operation('activateUser', 'users:write', UserStatusResponse, 'Activate an account')
  activate(@IdInPath('userId', 'user.not_found') id: string): Promise<UserStatusResponse> {
    return this.setStatus(id, 'active');
  }

  /** The id of a merged account stands for the surviving one. */
  private async setStatus(id: string, status: UserStatus): Promise<UserStatusResponse> {
    const userId = await this.users.resolveId(id);
    return { userId, status, ...(await this.accounts.setStatus(userId, status)) };
  }
}
