import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { VerifiedSignIn } from './doors/door';
import { SignInDoor, Verified } from './doors/sign-in-door';
import type { SignInResponse } from './dto/sign-in.response';
import { ExchangeDoor } from './exchange/exchange.door';
import { OpenWeb3InitDataDoor } from './openweb3/openweb3-init-data.door';
import { SignInService } from './sign-in/sign-in.service';
import { TelegramInitDataDoor, ThirdPartyInitDataDoor } from './telegram/init-data.door';
import { LoginWidgetDoor } from './telegram/login-widget.door';
import { WalletDoor } from './wallets/wallet.door';

/** The doors that a page opens by itself. Linking, step-up, merging and `explain` use this list. */
export const signInDoors = [
  TelegramInitDataDoor,
  ThirdPartyInitDataDoor,
  LoginWidgetDoor,
  OpenWeb3InitDataDoor,
  ExchangeDoor,
  WalletDoor,
] as const;

@Controller('v1/auth')
@ApiTags('Sign in')
export class SignInController {
  constructor(private readonly signIns: SignInService) {}

  @SignInDoor(TelegramInitDataDoor)
  withTelegramInitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @SignInDoor(ThirdPartyInitDataDoor)
  withThirdPartyInitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @SignInDoor(LoginWidgetDoor)
  withLoginWidget(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @SignInDoor(OpenWeb3InitDataDoor)
  withOpenWeb3InitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @SignInDoor(WalletDoor)
  withWallet(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @SignInDoor(ExchangeDoor)
  withCode(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }
}
