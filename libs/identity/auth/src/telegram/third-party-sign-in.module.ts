import { Module, Post } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { AllowedBotsModule } from '@countersign/applications';
import { defineDoorNames, SessionsModule } from '@countersign/sessions';
import type { NamesOf } from '@countersign/text';
import { AuthModule } from '../auth.module';
import type { VerifiedSignIn } from '../doors/door';
import { SignsIn, Verified } from '../doors/sign-in-route';
import type { SignInResponse } from '../dto/sign-in.response';
import { SignInService } from '../sign-in/sign-in.service';
import { ThirdPartyInitDataStrategy } from './init-data.strategies';

const doorNames = defineDoorNames(['telegram-third-party-init-data']);

declare module '@countersign/sessions' {
  interface DoorNames extends NamesOf<typeof doorNames> {}
}

@ApiController('v1/auth/telegram', 'Sign in')
class ThirdPartySignInController {
  constructor(private readonly signIns: SignInService) {}

  @Post('third-party-init-data')
  @SignsIn(ThirdPartyInitDataStrategy)
  withThirdPartyInitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }
}

/** Sign-in by Mini Apps of other parties' bots, which an operator allows. */
@Module({
  imports: [AllowedBotsModule, AuthModule, SessionsModule],
  controllers: [ThirdPartySignInController],
})
export class ThirdPartySignInModule {}
