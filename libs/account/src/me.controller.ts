import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '@countersign/http';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { AccountService } from './account.service';
import { MeResponse } from './dto/me.response';

@Controller('v1/me')
@ApiTags('The person')
export class MeController {
  constructor(private readonly accounts: AccountService) {}

  @Get()
  @ApiOperation({ operationId: 'getMe', summary: 'Who the access token stands for' })
  @Authenticated()
  @Answers(MeResponse)
  get(@Caller() caller: Principal): Promise<MeResponse> {
    return this.accounts.describe(caller);
  }
}
