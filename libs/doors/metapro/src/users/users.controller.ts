import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AccountService } from '@countersign/account';
import { Caller, forCaller, type Principal } from '@countersign/sessions';
import { MetaproUserResponse } from '../dto/user.responses';
import { MetaproRoute } from '../protocol/metapro-route';
import { USERS_PATHS } from '../sign-in/auth.controller';
import { toUserObject } from './user-object';

@Controller(USERS_PATHS)
@ApiTags('Users')
export class MetaproUsersController {
  constructor(private readonly accounts: AccountService) {}

  @Get('me')
  @MetaproRoute({ operationId: 'metaproMe', summary: 'Get the user of the token' }, MetaproUserResponse, {
    by: 'session',
  })
  async me(@Caller() caller: Principal): Promise<MetaproUserResponse> {
    return toUserObject(await forCaller(this.accounts.describe(caller)));
  }
}
