import { Body, Post } from '@nestjs/common';
import { ApiController, readKnown } from '@countersign/http';
import {
  XellarCancelledResponse,
  XellarCancelRequest,
  XellarSendRequest,
  XellarSentResponse,
} from '../dto/sending.dto';
import { VERSION_PATHS, enveloped, type Answer, WalletRoute } from '../protocol/xellar-route';
import { CallerOf, type XellarCaller } from '../tokens/token.guards';
import { XellarSends } from './xellar-sends.service';

@ApiController(VERSION_PATHS.map((path) => `${path}/wallet`), 'Sending')
export class XellarSendingController {
  constructor(private readonly sends: XellarSends) {}

  @Post('send-coin')
  @WalletRoute('xellarSendCoin', 'Send coins', XellarSentResponse, XellarSendRequest)
  async coin(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarSentResponse> {
    return this.send(caller, body, 'send-coin');
  }

  @Post('send-token')
  @WalletRoute('xellarSendToken', 'Send tokens', XellarSentResponse, XellarSendRequest)
  async token(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarSentResponse> {
    return this.send(caller, body, 'send-token');
  }

  @Post('transfer-erc721')
  @WalletRoute('xellarTransferErc721', 'Send a collectible', XellarSentResponse, XellarSendRequest)
  async erc721(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarSentResponse> {
    return this.send(caller, body, 'transfer-erc721');
  }

  @Post('transfer-erc1155')
  @WalletRoute('xellarTransferErc1155', 'Send ERC-1155 collectibles', XellarSentResponse, XellarSendRequest)
  async erc1155(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarSentResponse> {
    return this.send(caller, body, 'transfer-erc1155');
  }

  @Post('send-transaction')
  @WalletRoute('xellarSendTransaction', 'Send a transaction', XellarSentResponse, XellarSendRequest)
  async transaction(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarSentResponse> {
    return this.send(caller, body, 'custom');
  }

  @Post('cancel-transaction')
  @WalletRoute('xellarCancelTransaction', 'Cancel a send', XellarCancelledResponse, XellarCancelRequest)
  async cancel(@CallerOf() caller: XellarCaller, @Body() body: unknown): Answer<XellarCancelledResponse> {
    const read = readKnown(XellarCancelRequest, body);
    return enveloped('Cancel Transaction is processing', await this.sends.cancel(caller, read));
  }

  private async send(caller: XellarCaller, body: unknown, type: string): Answer<XellarSentResponse> {
    const read = readKnown(XellarSendRequest, body);
    return enveloped('Send Transaction is successfully', await this.sends.send(caller, { ...read, type }));
  }
}
