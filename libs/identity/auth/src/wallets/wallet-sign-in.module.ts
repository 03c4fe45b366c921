import { Global, Module, Post, UseGuards } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { AuthGuard } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AuthModule } from '../auth.module';
import type { VerifiedSignIn } from '../doors/door';
import { SignInGuard } from '../doors/sign-in.guard';
import { SignsIn, Verified } from '../doors/sign-in-route';
import type { SignInResponse } from '../dto/sign-in.response';
import { SignInService } from '../sign-in/sign-in.service';
import { EvmWallets } from './evm-wallets';
import { TonWallets } from './ton-wallets';
import { WalletChallengeEntity } from './wallet-challenge.entity';
import { WalletChallengeController, WalletSignInChallengeController } from './wallet-challenge.controllers';
import { WalletChallengeService } from './wallet-challenge.service';
import { WalletChallenges } from './wallet-challenges';
import { WalletChallengesRepository } from './wallet-challenges.repository';
import { WalletLimits } from './wallet-limits';
import { WalletSignatureStrategy } from './wallet-signature.strategy';
import { WalletVerifier } from './wallet-verifier';

@ApiController('v1/auth', 'Sign in')
class WalletSignInController {
  constructor(private readonly signIns: SignInService) {}

  @Post('wallets')
  @UseGuards(AuthGuard('wallet-signature'), SignInGuard)
  @SignsIn(WalletSignatureStrategy)
  withWallet(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }
}

/** The door of wallets. It asks chains, and is global so that acts which take its proofs find it where it is in use. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forFeature([WalletChallengeEntity]),
    ApplicationsModule,
    AuthModule,
    SessionsModule,
    UsersModule,
  ],
  controllers: [WalletChallengeController, WalletSignInChallengeController, WalletSignInController],
  providers: [
    EvmWallets,
    TonWallets,
    WalletChallenges,
    WalletChallengesRepository,
    WalletChallengeService,
    WalletLimits,
    WalletSignatureStrategy,
    WalletVerifier,
  ],
  exports: [WalletChallengeService, WalletSignatureStrategy],
})
export class WalletSignInModule {}
