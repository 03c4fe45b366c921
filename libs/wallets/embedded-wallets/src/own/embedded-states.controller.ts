import { Get, Post } from '@nestjs/common';
import { AccountPlane } from '@countersign/account';
import { ApiController } from '@countersign/http';
import { Caller, type Principal } from '@countersign/sessions';
import { EmbeddedStateResponse } from '../dto/embedded-state.response';
import { WalletFreezing } from '../freezing/wallet-freezing';
import { OF_CUSTODY, WalletInPath } from '../wallet-in-path';
import { EmbeddedStates } from './embedded-state.service';

@ApiController('v1/wallets/:walletId', 'Wallets')
export class EmbeddedStatesController {
  constructor(
    private readonly states: EmbeddedStates,
    private readonly freezing: WalletFreezing,
  ) {}

  @Get('embedded')
  @AccountPlane('readEmbeddedWallet', EmbeddedStateResponse, {
    summary: 'Read the state of an embedded wallet',
    description: 'Whether it acts, and whether its words were shown.',
    errors: ['wallet.not_embedded', ...OF_CUSTODY],
  })
  async get(@Caller() caller: Principal, @WalletInPath() id: string): Promise<EmbeddedStateResponse> {
    return EmbeddedStateResponse.of(await this.states.get(caller, id));
  }

  @Post('freeze')
  @AccountPlane('freezeWallet', null, {
    summary: 'Stop an embedded wallet at once',
    description:
      'Custody signs nothing for it and shows no words, until its person ends that at the consent bot, or the operator of custody does. Again it stays so.',
    errors: ['wallet.not_embedded', ...OF_CUSTODY],
  })
  async freeze(@Caller() caller: Principal, @WalletInPath() id: string): Promise<void> {
    await this.freezing.freeze(caller, id);
  }
}
