import { Get, Query } from '@nestjs/common';
import { AccountPlane } from '@countersign/account';
import { WalletInPath } from '../dto/embedded-wallet.dto';
import { ApiController, PageQuery, readPage, type Keyset } from '@countersign/http';
import { Caller, type Principal } from '@countersign/sessions';
import { SendInPath, SendPage, SendResponse, toSendResponse } from './dto/act.dto';
import { StoredSends } from './store/stored-sends';

@ApiController('v1/wallets/:walletId/sends', 'Wallets')
export class SendsController {
  constructor(private readonly sends: StoredSends) {}

  @Get()
  @AccountPlane('listSends', SendPage, {
    summary: 'List the sends of an embedded wallet, newest first',
    description: 'On all chains, with those that were replaced.',
  })
  list(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Query() query: PageQuery,
  ): Promise<SendPage> {
    const read = (keyset: Keyset) => this.sends.listOf(caller, id, keyset);
    return readPage(query, { of: toSendResponse }, read, ({ send }) => send.id);
  }

  @Get(':sendId')
  @AccountPlane('getSend', SendResponse, {
    summary: 'Read what became of a send',
    description: 'Count a payment as made when it is `final`.',
  })
  async get(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @SendInPath() sendId: string,
  ): Promise<SendResponse> {
    return toSendResponse(await this.sends.getOf(caller, id, sendId));
  }
}
