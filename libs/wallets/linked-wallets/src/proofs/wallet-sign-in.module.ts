import { Module, Post, UseGuards } from '@nestjs/common';
import {
  AuthModule,
  SignInGuard,
  type SignInResponse,
  SignInService,
  SignsIn,
  Verified,
  type VerifiedSignIn,
} from '@countersign/auth';
import { ApiController } from '@countersign/http';
import { AuthGuard } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '@countersign/applications';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
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

/** The door of wallets. It asks chains. */
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
