import { Body, Module, Post } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { ApiBody } from '@nestjs/swagger';
import {
  AuthModule,
  signInDoors,
  spendingCodes,
  WalletSignatureStrategy,
  WalletSignIn,
  type BodyDoorClass,
} from '@countersign/auth';
import { AuditModule } from '@countersign/audit';
import { Caller, SessionsModule, type Principal } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';
import { AccountModule } from '../account.module';
import { MergeResponse } from '../dto/merge.response';
import { linkControllerOf } from '../identities/link.controller';
import { MergeService } from '../merge.service';
import { AccountPlane } from '../rules/account-plane';
import { AcceptsGrant } from '../step-up/accepts-grant';
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
      ...spendingCodes,
      'auth.proof_names_no_act',
      'account.nothing_to_merge',
      'account.same_account',
      'account.cannot_join',
    ],
  })
  merge(@Caller() caller: Principal, @Body() body: object): Promise<MergeResponse> {
    return this.merges.merge(caller, this.door, body);
  }
}

/** The doors whose proofs link their identity. */
const linkingDoors = signInDoors.filter(({ declaration }: BodyDoorClass) => declaration.link);

/** What an account does with proofs of wallets: linking, merging, and answering a request to join. */
@Module({
  imports: [AccountModule, AuditModule, AuthModule, SessionsModule, UsersModule],
  controllers: [
    ...linkingDoors.map(linkControllerOf),
    JoinPageController,
    WalletJoinsController,
    WalletMergesController,
  ],
  providers: [WalletJoins],
})
export class WalletAccountModule {}
