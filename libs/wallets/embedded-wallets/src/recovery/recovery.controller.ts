import { Body, Controller, Delete, Get, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AcceptsGrant, AccountPlane } from '@countersign/account';
import { Answers } from '@countersign/http';
import { Caller, forCaller, type Principal } from '@countersign/sessions';
import {
  AnswerRecoveryRequest,
  RecoverWalletsRequest,
  RecoverySecretResponse,
  WalletRecoveriesResponse,
  WalletRecoveryResponse,
} from './recovery.dto';
import { RecoveryAnswers } from './recovery-answers.service';
import { RecoverySecrets } from './recovery-secrets.service';
import { WalletRecoveries } from './wallet-recoveries.service';

@Controller('v1/wallets')
@ApiTags('Wallets')
export class RecoveryController {
  constructor(
    private readonly secrets: RecoverySecrets,
    private readonly recoveries: WalletRecoveries,
    private readonly answers: RecoveryAnswers,
  ) {}

  @Put('recovery-secret')
  @ApiOperation({
    operationId: 'makeRecoverySecret',
    summary: 'Make the recovery secret of all embedded wallets',
    description: 'After a step-up. An earlier one is good no longer, and a recovery by it is refused.',
  })
  @AcceptsGrant()
  @AccountPlane()
  @Answers(RecoverySecretResponse, {
    errors: ['account.step_up_required', 'wallet.came_by_merge', 'wallet.embedded_off'],
  })
  async make(@Caller() caller: Principal): Promise<RecoverySecretResponse> {
    return { recoverySecret: await forCaller(this.secrets.make(caller)) };
  }

  @Delete('recovery-secret')
  @ApiOperation({
    operationId: 'removeRecoverySecret',
    summary: 'Remove the recovery secret',
    description: 'After a step-up. A recovery by it is refused. Again changes nothing.',
  })
  @AcceptsGrant()
  @AccountPlane()
  @Answers(null, { errors: ['account.step_up_required', 'wallet.came_by_merge'] })
  async remove(@Caller() caller: Principal): Promise<void> {
    await forCaller(this.secrets.remove(caller));
  }

  @Get('recoveries')
  @ApiOperation({
    operationId: 'listWalletRecoveries',
    summary: 'List recoveries of wallets',
    description: 'Those that the account asked for, and an open one against its own wallets.',
  })
  @AccountPlane()
  @Answers(WalletRecoveriesResponse)
  async list(@Caller() caller: Principal): Promise<WalletRecoveriesResponse> {
    const items = await forCaller(this.answers.list(caller));
    return { items: items.map((recovery) => WalletRecoveryResponse.of(recovery, caller.userId)) };
  }

  @Post('recoveries')
  @ApiOperation({
    operationId: 'recoverWallets',
    summary: 'Recover the embedded wallets of another account by its recovery secret',
    description:
      'The first call asks, and answers 409 with the instant. The same call moves the wallets after 72 hours without a refusal, or once the other account accepted. Both after a step-up. Only this application may use them then.',
  })
  @AcceptsGrant()
  @AccountPlane()
  @Answers(WalletRecoveryResponse, {
    status: 200,
    errors: [
      'account.step_up_required',
      'user.erasure_pending',
      'wallet.acts_stopped',
      'wallet.came_by_merge',
      'wallet.embedded_off',
      'wallet.frozen',
      'wallet.recovery_by_another',
      'wallet.recovery_from_test',
      'wallet.recovery_of_own_account',
      'wallet.recovery_pending',
      'wallet.recovery_secret_mistyped',
      'wallet.recovery_secret_wrong',
    ],
  })
  async recover(
    @Caller() caller: Principal,
    @Body() { secret }: RecoverWalletsRequest,
  ): Promise<WalletRecoveryResponse> {
    const recovery = await forCaller(this.recoveries.recover(caller, secret));
    return WalletRecoveryResponse.of(recovery, caller.userId);
  }

  @Post('recoveries/refuse')
  @ApiOperation({
    operationId: 'refuseWalletRecovery',
    summary: 'Refuse a recovery of one’s own wallets, at once',
    description: 'The recovery secret is used up.',
  })
  @AccountPlane()
  @Answers(null, { errors: ['wallet.recovery_not_found'] })
  async refuse(@Caller() caller: Principal, @Body() { recoveryId }: AnswerRecoveryRequest): Promise<void> {
    await forCaller(this.answers.refuse(caller, recoveryId));
  }

  @Post('recoveries/accept')
  @ApiOperation({
    operationId: 'acceptWalletRecovery',
    summary: 'Accept a recovery of one’s own wallets',
    description: 'After a step-up. The next call of the other account gets them. Again changes nothing.',
  })
  @AcceptsGrant()
  @AccountPlane()
  @Answers(null, {
    errors: ['account.step_up_required', 'wallet.came_by_merge', 'wallet.recovery_not_found'],
  })
  async accept(@Caller() caller: Principal, @Body() { recoveryId }: AnswerRecoveryRequest): Promise<void> {
    await forCaller(this.answers.accept(caller, recoveryId));
  }
}
