import { Body, Get, Post, Query } from '@nestjs/common';
import { AccountPlane } from '@countersign/account';
import { codesOfActs, codesOfSends, WalletInPath } from '@countersign/embedded-wallets';
import { ApiController, IdInPath, PageQuery } from '@countersign/http';
import { Caller, type Principal } from '@countersign/sessions';
import { walletActRefusals } from '@countersign/wallet-acts';
import { SendRequest, SpendRequest } from '../dto/send.request';
import { SendPage, SendResponse, toSendResponse } from '../dto/send.response';
import type { Replaced } from '../ports/send-port';
import { Sending } from '../making/sending.service';
import { OwnSends } from './own-sends.service';

const SendInPath = (): ParameterDecorator => IdInPath('sendId', 'send.not_found', 'The send.');

const SPENDING = [
  ...codesOfActs.reading,
  ...codesOfActs.tokens,
  'wallet.consent_needed',
  ...codesOfActs.custody,
  ...codesOfActs.rules,
  'send.funds_unknown',
  ...codesOfSends,
  ...Object.keys(walletActRefusals),
];

const REPLACING = [...SPENDING, 'send.earlier_waits', 'send.too_many_versions'];

@ApiController('v1/wallets/:walletId/sends', 'Wallets')
export class SendsController {
  constructor(
    private readonly sending: Sending,
    private readonly sends: OwnSends,
  ) {}

  @Post()
  @AccountPlane('sendFromWallet', SendResponse, {
    summary: 'Send from an embedded wallet, once',
    description:
      'The same call again, with the same `key`, answers the same send, also after a lost answer. A 4xx means that nothing was sent; after a 5xx call again.',
    status: 201,
    errors: [
      ...SPENDING,
      'send.key_reused',
      'send.nonce_implausible',
      'send.nonce_unknown',
      'send.nonces_missing',
      'send.too_many_open',
    ],
  })
  async send(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Body() { maxFee, ...call }: SendRequest,
  ): Promise<SendResponse> {
    const sendId = await this.sending.send(caller, id, { ...call, maxFee: BigInt(maxFee) });
    return this.get(caller, id, sendId);
  }

  @Get()
  @AccountPlane('listSends', SendPage, {
    summary: 'List the sends of an embedded wallet, newest first',
    description: 'On all chains, with those that were replaced.',
  })
  async list(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Query() query: PageQuery,
  ): Promise<SendPage> {
    const { items, nextCursor } = await this.sends.list(caller, id, query);
    return { items: items.map(toSendResponse), nextCursor };
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
    return toSendResponse(await this.sends.get(caller, id, sendId));
  }

  @Post(':sendId/speed-up')
  @AccountPlane('speedUpSend', SendResponse, {
    summary: 'Give a send that waits higher fees',
    description:
      'With a token for `send` whose `request` is `{ "kind": "speed-up", "sendId": "..." }`. The earliest one that waits goes first.',
    status: 200,
    errors: REPLACING,
  })
  async speedUp(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @SendInPath() sendId: string,
    @Body() call: SpendRequest,
  ): Promise<SendResponse> {
    return this.replace(caller, id, { sendId, kind: 'speed-up' }, call);
  }

  @Post(':sendId/cancel')
  @AccountPlane('cancelSend', SendResponse, {
    summary: 'Send nothing in place of a send that waits',
    description:
      'As `speed-up`, with `"kind": "cancel"`. The first version may still be the one that a block gets.',
    status: 200,
    errors: REPLACING,
  })
  async cancel(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @SendInPath() sendId: string,
    @Body() call: SpendRequest,
  ): Promise<SendResponse> {
    return this.replace(caller, id, { sendId, kind: 'cancel' }, call);
  }

  private async replace(
    caller: Principal,
    id: string,
    replaced: Replaced,
    { walletToken, chainId, maxFee }: SpendRequest,
  ): Promise<SendResponse> {
    const call = { walletToken, ...replaced, maxFee: BigInt(maxFee) };
    await this.sending.replace(caller, id, chainId, call);
    return this.get(caller, id, replaced.sendId);
  }
}
