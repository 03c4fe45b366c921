import { Body, Controller, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { readKnown } from '@countersign/http';
import {
  XellarCancelledResponse,
  XellarCancelRequest,
  XellarSendRequest,
  XellarSentResponse,
} from '../dto/sending.dto';
import { VERSION_PATHS } from '../protocol/api-version';
import { enveloped, type Envelope } from '../protocol/envelope';
import { XellarRoute } from '../protocol/xellar-route';
import { XellarCallerOf } from '../tokens/token.guards';
import type { XellarCaller } from '../tokens/xellar-sessions';
import { XellarSends } from './xellar-sends.service';

@Controller(VERSION_PATHS.map((path) => `${path}/wallet`))
@ApiTags('Sending')
export class XellarSendingController {
  constructor(private readonly sends: XellarSends) {}

  @Post('send-coin')
  @ApiBody({ type: XellarSendRequest })
  @XellarRoute({ operationId: 'xellarSendCoin', summary: 'Send coins' }, XellarSentResponse, { by: 'wallet' })
  async coin(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarSentResponse>> {
    return this.send(caller, body, 'send-coin');
  }

  @Post('send-token')
  @ApiBody({ type: XellarSendRequest })
  @XellarRoute({ operationId: 'xellarSendToken', summary: 'Send tokens' }, XellarSentResponse, {
    by: 'wallet',
  })
  async token(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarSentResponse>> {
    return this.send(caller, body, 'send-token');
  }

  @Post('transfer-erc721')
  @ApiBody({ type: XellarSendRequest })
  @XellarRoute({ operationId: 'xellarTransferErc721', summary: 'Send a collectible' }, XellarSentResponse, {
    by: 'wallet',
  })
  async erc721(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarSentResponse>> {
    return this.send(caller, body, 'transfer-erc721');
  }

  @Post('transfer-erc1155')
  @ApiBody({ type: XellarSendRequest })
  @XellarRoute(
    { operationId: 'xellarTransferErc1155', summary: 'Send collectibles of ERC-1155' },
    XellarSentResponse,
    { by: 'wallet' },
  )
  async erc1155(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarSentResponse>> {
    return this.send(caller, body, 'transfer-erc1155');
  }

  @Post('send-transaction')
  @ApiBody({ type: XellarSendRequest })
  @XellarRoute({ operationId: 'xellarSendTransaction', summary: 'Send a transaction' }, XellarSentResponse, {
    by: 'wallet',
  })
  async transaction(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarSentResponse>> {
    return this.send(caller, body, 'custom');
  }

  @Post('cancel-transaction')
  @ApiBody({ type: XellarCancelRequest })
  @XellarRoute(
    {
      operationId: 'xellarCancelTransaction',
      summary: 'Cancel a pending transaction',
      description: 'Only transactions that this application sent by this API.',
    },
    XellarCancelledResponse,
    { by: 'wallet' },
  )
  async cancel(
    @XellarCallerOf() caller: XellarCaller,
    @Body() body: unknown,
  ): Promise<Envelope<XellarCancelledResponse>> {
    const read = readKnown(XellarCancelRequest, body);
    return enveloped('Cancel Transaction is processing', await this.sends.cancel(caller, read));
  }

  private async send(
    caller: XellarCaller,
    body: unknown,
    type: string,
  ): Promise<Envelope<XellarSentResponse>> {
    const read = readKnown(XellarSendRequest, body);
    return enveloped('Send Transaction is successfully', await this.sends.send(caller, { ...read, type }));
  }
}
