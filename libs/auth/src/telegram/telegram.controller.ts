import { Controller, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '@countersign/http';
import { doorErrorCodes } from '../auth.errors';
import type { VerifiedSignIn } from '../doors/door';
import { InitDataSignIn, ThirdPartyInitDataSignIn } from '../doors/init-data-sign-in';
import { LoginWidgetSignIn } from '../doors/login-widget-sign-in';
import { SignInDoor } from '../doors/sign-in-door';
import { Verified } from '../doors/verified';
import { SignInResponse } from '../dto/sign-in.response';
import { SignInService } from '../sign-in/sign-in.service';
import { TelegramInitDataStrategy, ThirdPartyInitDataStrategy } from './init-data.door';
import { LoginWidgetStrategy } from './login-widget.door';

const applicationId = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42';
const widgetExamples = {
  data: {
    value: {
      applicationId,
      data: { id: 279058397, first_name: 'Vladislav', auth_date: 1763625600, hash: '...' },
    },
  },
  query: {
    value: { applicationId, query: 'id=279058397&first_name=Vladislav&auth_date=1763625600&hash=...' },
  },
  tgAuthResult: { value: { applicationId, tgAuthResult: 'eyJpZCI6Mjc5MDU4Mzk3fQ' } },
};

@Controller('v1/auth/telegram')
@ApiTags('Sign in')
export class TelegramController {
  constructor(private readonly signIns: SignInService) {}

  @Post('init-data')
  @ApiOperation({
    operationId: 'signInWithTelegramInitData',
    summary: 'Sign in with the init data of a Mini App',
  })
  @ApiBody({ type: InitDataSignIn })
  @SignInDoor(TelegramInitDataStrategy)
  @Answers(SignInResponse, { description: 'Signed in.', errors: doorErrorCodes.initData })
  signInWithInitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @Post('third-party-init-data')
  @ApiOperation({
    operationId: 'signInWithThirdPartyInitData',
    summary: 'Sign in with the init data of another party’s bot',
    description: 'By Telegram’s Ed25519 signature alone, for bots that the operator allows the application.',
  })
  @ApiBody({ type: ThirdPartyInitDataSignIn })
  @SignInDoor(ThirdPartyInitDataStrategy)
  @Answers(SignInResponse, { description: 'Signed in.', errors: doorErrorCodes.thirdPartyInitData })
  signInWithThirdPartyInitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @Post('login-widget')
  @ApiOperation({
    operationId: 'signInWithTelegramLoginWidget',
    summary: 'Sign in with the Login Widget or a LoginUrl button',
    description: 'Exactly one of `data`, `query` and `tgAuthResult`.',
  })
  @ApiBody({ type: LoginWidgetSignIn, examples: widgetExamples })
  @SignInDoor(LoginWidgetStrategy)
  @Answers(SignInResponse, { description: 'Signed in.', errors: doorErrorCodes.loginWidget })
  signInWithLoginWidget(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }
}
