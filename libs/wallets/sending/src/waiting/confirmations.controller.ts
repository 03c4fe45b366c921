import { Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AcceptsGrant, AccountPlane } from '@countersign/account';
import { Answers, IdInPath } from '@countersign/http';
import { Caller, forCaller, type Principal } from '@countersign/sessions';
import { SendResponse, toSendResponse } from '../dto/send.response';
import { OwnSends } from '../own/own-sends.service';
import { SendConfirmations } from './send-confirmations';

@Controller('v1/wallets/:walletId/sends/:sendId')
@ApiTags('Wallets')
export class ConfirmationsController {
  constructor(
    private readonly confirmations: SendConfirmations,
    private readonly sends: OwnSends,
  ) {}

  @Post('confirm')
  @ApiOperation({
    operationId: 'confirmSend',
    summary: 'Confirm a send that waits for a launch',
    description:
      'In the session of the launch that named it, with its grant, after the person has read the send. It is decided again: read `state`.',
  })
  @AcceptsGrant()
  @AccountPlane()
  @Answers(SendResponse, {
    status: 200,
    errors: ['account.step_up_required', 'send.not_confirmed', 'send.settled'],
  })
  async confirm(
    @Caller() caller: Principal,
    @IdInPath('walletId', 'wallet.not_found', 'The embedded wallet.') id: string,
    @IdInPath('sendId', 'send.not_found', 'The send.') sendId: string,
  ): Promise<SendResponse> {
    await forCaller(this.confirmations.confirm(caller, id, sendId));
    return toSendResponse(await forCaller(this.sends.get(caller, id, sendId)));
  }
}
