import { Post, UseGuards } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { AuthGuard } from '@nestjs/passport';
import type { VerifiedSignIn } from './doors/door';
import { SignsIn, Verified } from './doors/sign-in-route';
import { SignInGuard } from './doors/sign-in.guard';
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
  @UseGuards(AuthGuard('telegram-init-data'), SignInGuard)
  @SignsIn(TelegramInitDataStrategy)
  withTelegramInitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @Post('telegram/login-widget')
  @UseGuards(AuthGuard('login-widget'), SignInGuard)
  @SignsIn(LoginWidgetStrategy)
  withLoginWidget(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @Post('openweb3/init-data')
  @UseGuards(AuthGuard('openweb3-init-data'), SignInGuard)
  @SignsIn(OpenWeb3InitDataStrategy)
  withOpenWeb3InitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @Post('exchange')
  @UseGuards(AuthGuard('redirect-code'), SignInGuard)
  @SignsIn(RedirectCodeStrategy)
  withCode(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }
}
