import { Module, Post, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { ApiController } from '@countersign/http';
import { AllowedBotsModule } from '@countersign/applications';
import { SessionsModule } from '@countersign/sessions';
import { AuthModule } from '../auth.module';
import type { VerifiedSignIn } from '../doors/door';
import { SignInGuard, SignsIn, Verified } from '../doors/sign-in-route';
import type { SignInResponse } from '../dto/sign-in.response';
import { SignInService } from '../sign-in/sign-in.service';
import { ThirdPartyInitDataStrategy } from '../strategies/telegram-third-party-init-data.strategy';
import { ThirdPartyInitDataDoor } from './init-data.doors';
import { thirdPartyMethods } from '../auth.feature';

@ApiController('v1/auth/telegram', 'Sign in')
class ThirdPartySignInController {
  constructor(private readonly signIns: SignInService) {}

  @Post('third-party-init-data')
  @UseGuards(AuthGuard('telegram-third-party-init-data'), SignInGuard)
  @SignsIn(ThirdPartyInitDataDoor)
  withThirdPartyInitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }
}

@Module({
  imports: [AllowedBotsModule, AuthModule, SessionsModule],
  controllers: [ThirdPartySignInController],
  providers: [ThirdPartyInitDataStrategy],
})
export class ThirdPartySignInModule {
  static readonly defines = { loginMethods: thirdPartyMethods };
}
