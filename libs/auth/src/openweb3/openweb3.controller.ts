import { Controller, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '@countersign/http';
import { doorErrorCodes } from '../auth.errors';
import type { VerifiedSignIn } from '../doors/door';
import { InitDataSignIn } from '../doors/init-data-sign-in';
import { SignInDoor } from '../doors/sign-in-door';
import { Verified } from '../doors/verified';
import { SignInResponse } from '../dto/sign-in.response';
import { SignInService } from '../sign-in/sign-in.service';
import { OpenWeb3InitDataStrategy } from './openweb3-init-data.door';

@Controller('v1/auth/openweb3')
@ApiTags('Sign in')
export class OpenWeb3Controller {
  constructor(private readonly signIns: SignInService) {}

  @Post('init-data')
  @ApiOperation({
    operationId: 'signInWithOpenWeb3InitData',
    summary: 'Sign in with the init data of an OpenWeb3 Mini App',
  })
  @ApiBody({ type: InitDataSignIn })
  @SignInDoor(OpenWeb3InitDataStrategy)
  @Answers(SignInResponse, { description: 'Signed in.', errors: doorErrorCodes.initData })
  signInWithInitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }
}
