import { Body, Headers, Post, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import {
  doorCodes,
  SignInGuard,
  SignInService,
  SignsIn,
  Verified,
  type SignInResponse,
  type VerifiedSignIn,
} from '@countersign/auth';
import { Answers, ApiController, LimitsCalls } from '@countersign/http';
import { InSession, Caller, type Principal } from '@countersign/sessions';
import {
  SignInChallengeRequest,
  WalletChallengeRequest,
  WalletChallengeResponse,
} from './dto/wallet-challenge.dto';
import { WalletChallengeService } from './wallet-challenge.service';
import { walletChallengeCodes } from '../wallets.errors';
import { WalletLimits } from './wallet-challenges';
import { WalletSignatureDoor } from './wallet-signature.door';

@ApiController('v1/auth/wallets', 'Sign in')
export class WalletSignInChallengeController {
  constructor(private readonly challenges: WalletChallengeService) {}

  @Post('challenges')
  @LimitsCalls('wallet-challenge')
  @Answers('createWalletSignInChallenge', WalletChallengeResponse, {
    summary: 'Ask for a challenge to sign in with a wallet',
    description:
      'The wallet signs `message`, or `payload` by `ton_proof`; POST /v1/auth/wallets takes its answer within five minutes.',
    status: 201,
    errors: [...doorCodes.filter((code) => code !== 'auth.assurance_too_low'), ...walletChallengeCodes],
  })
  async create(
    @Body() body: SignInChallengeRequest,
    @Headers('origin') origin: string | undefined,
  ): Promise<WalletChallengeResponse> {
    return this.challenges.askForSignIn(body, origin);
  }
}

@ApiController('v1/wallets', 'Wallets')
export class WalletChallengeController {
  constructor(
    private readonly challenges: WalletChallengeService,
    private readonly limits: WalletLimits,
  ) {}

  @Post('challenges')
  @InSession('createWalletChallenge', WalletChallengeResponse, {
    summary: 'Ask for a challenge to prove a wallet within a session',
    description:
      'For the caller, the application of the session, and `purpose`: the answer is good for nothing else. Routes that take ' +
      'a proof, such as POST /v1/wallets/links and POST /v1/me/step-up, take it within five minutes. A person can ask for 60 ' +
      'a minute.',
    status: 201,
    errors: walletChallengeCodes,
  })
  async create(
    @Caller() caller: Principal,
    @Body() body: WalletChallengeRequest,
    @Headers('origin') origin: string | undefined,
  ): Promise<WalletChallengeResponse> {
    await this.limits.countChallenge(caller.userId);
    return this.challenges.askFor(caller, body, origin);
  }
}

@ApiController('v1/auth', 'Sign in')
export class WalletSignInController {
  constructor(private readonly signIns: SignInService) {}

  @Post('wallets')
  @UseGuards(AuthGuard('wallet-signature'), SignInGuard)
  @SignsIn(WalletSignatureDoor)
  withWallet(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }
}
