import { Post } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import type { VerifiedSignIn } from './doors/door';
import { SignsIn, Verified } from './doors/sign-in-route';
import type { SignInResponse } from './dto/sign-in.response';
import { RedirectCodeStrategy } from './exchange/redirect-code.strategy';
import { OpenWeb3InitDataStrategy } from './openweb3/openweb3-init-data.strategy';
import { SignInService } from './sign-in/sign-in.service';
import { LoginWidgetStrategy } from './telegram/login-widget.strategy';
import { TelegramInitDataStrategy } from './telegram/telegram-init-data.strategy';

@ApiController('v1/auth', 'Sign in')
export class SignInController {
  constructor(private readonly signIns: SignInService) {}

  @Post('telegram/init-data')
  @SignsIn(TelegramInitDataStrategy)
  withTelegramInitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @Post('telegram/login-widget')
  @SignsIn(LoginWidgetStrategy)
  withLoginWidget(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @Post('openweb3/init-data')
  @SignsIn(OpenWeb3InitDataStrategy)
  withOpenWeb3InitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @Post('exchange')
  @SignsIn(RedirectCodeStrategy)
  withCode(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }
}
