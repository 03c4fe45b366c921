import { Body, Module, Post } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { ApiBody } from '@nestjs/swagger';
import {
  AcceptsGrant,
  AccountModule,
  AccountPlane,
  linkControllerOf,
  MergeResponse,
  MergeService,
} from '@countersign/account';
import { AuthModule, presentedCodes } from '@countersign/auth';
import { Caller, SessionsModule, type Principal } from '@countersign/sessions';
import { WalletSignIn } from '../proofs/dto/wallet-sign-in';
import { WalletSignInModule } from '../proofs/wallet-sign-in.module';
import { WalletSignatureStrategy } from '../proofs/wallet-signature.strategy';
import { JoinPageController, WalletJoinsController } from './wallet-joins.controller';
import { WalletJoins } from './wallet-joins.service';

@ApiController('v1/me', 'The person')
class WalletMergesController {
  constructor(
    private readonly merges: MergeService,
    private readonly door: WalletSignatureStrategy,
  ) {}

  @Post('merges')
  @ApiBody({ type: WalletSignIn })
  @AcceptsGrant()
  @AccountPlane('merge', MergeResponse, {
    summary: 'Merge the account of a wallet into one’s own',
    description:
      'After step-up, with the wallet’s answer to a challenge for this: the identities of its account become the ' +
      'caller’s, its sessions end, its id stays an alias. Other accounts join with POST /v1/me/joins.',
    answerDescription: 'Merged.',
    errors: [
      ...WalletSignatureStrategy.declaration.codes,
      ...presentedCodes,
      'account.nothing_to_merge',
      'account.same_account',
      'account.cannot_join',
    ],
  })
  merge(@Caller() caller: Principal, @Body() body: object): Promise<MergeResponse> {
    return this.merges.merge(caller, this.door, body);
  }
}

/** What an account does with proofs of wallets: linking, merging, and answering a request to join. */
@Module({
  imports: [AccountModule, AuthModule, SessionsModule, WalletSignInModule],
  controllers: [
    linkControllerOf(WalletSignatureStrategy),
    JoinPageController,
    WalletJoinsController,
    WalletMergesController,
  ],
  providers: [WalletJoins],
  exports: [WalletJoins],
})
export class WalletAccountModule {}
