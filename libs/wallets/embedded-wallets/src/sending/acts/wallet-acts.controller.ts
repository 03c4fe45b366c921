import { Body, Get, Post } from '@nestjs/common';
import { AccountPlane } from '@countersign/account';
import { ActResponse, WalletInPath } from '../../dto/embedded-wallet.dto';
import { codesOfActs } from '../../embedded-wallets.errors';
import { ApiController, IdInPath } from '@countersign/http';
import { sendRefusals, walletActRefusals } from '@countersign/wallet-acts';
import { Caller, type Principal } from '@countersign/sessions';
import { ActRequest, PerformedActResponse, SendInPath } from '../dto/act.dto';
import { AskedActs, PerformedActs } from './acts.service';

const ActInPath = (): ParameterDecorator => IdInPath('actId', 'wallet.act_not_found', 'The act.');

/** A nonce is taken only when a send is performed. */
const OF_NONCES = ['send.nonce_implausible', 'send.nonce_unknown'];
const ASKING = [
  ...codesOfActs.reading,
  ...Object.keys(walletActRefusals),
  ...Object.keys(sendRefusals).filter((code) => !OF_NONCES.includes(code)),
  'send.chain_off',
  'send.funds_too_low',
  'send.would_fail',
  'wallet.consent_unavailable',
  'wallet.requests_waiting',
  ...codesOfActs.custody,
  ...codesOfActs.rules,
];
const OF_REPLACEMENTS = ['send.not_found', 'send.not_replaceable', 'send.settled'];

@ApiController('v1/wallets/:walletId', 'Wallets')
export class WalletActsController {
  constructor(
    private readonly asked: AskedActs,
    private readonly performed: PerformedActs,
  ) {}

  @Post('acts')
  @AccountPlane('askForWalletAct', ActResponse, {
    summary: 'Ask an embedded wallet to do something, and read what it means',
    description:
      'It can be performed once, by this session, within ten minutes. Where custody wants the consent of the person, it has a link to open first. The words of an `export` are shown at the consent page, a while later, and never here: a freeze ends it.',
    status: 201,
    errors: [...ASKING, 'send.key_reused'],
  })
  ask(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @Body() wanted: ActRequest,
  ): Promise<ActResponse> {
    return this.asked.ask(caller, id, wanted);
  }

  @Get('acts/:actId')
  @AccountPlane('readWalletAct', ActResponse, {
    summary: 'Read what became of an act',
    errors: ['wallet.embedded_off', 'wallet.custody_unavailable'],
  })
  read(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @ActInPath() actId: string,
  ): Promise<ActResponse> {
    return this.asked.get(caller, id, actId);
  }

  @Post('acts/:actId/perform')
  @AccountPlane('performWalletAct', PerformedActResponse, {
    summary: 'Sign or send what was asked for, once',
    description:
      'A send is answered each time, also after a lost answer. A 4xx means that nothing was sent; after a 5xx call again.',
    status: 200,
    errors: [
      ...ASKING,
      ...codesOfActs.performing,
      ...OF_REPLACEMENTS,
      'send.earlier_waits',
      'send.funds_unknown',
      ...OF_NONCES,
      'send.nonces_missing',
      'send.too_many_open',
      'send.too_many_versions',
    ],
  })
  perform(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @ActInPath() actId: string,
  ): Promise<PerformedActResponse> {
    return this.performed.perform(caller, id, actId);
  }

  @Post('sends/:sendId/speed-up')
  @AccountPlane('speedUpSend', ActResponse, {
    summary: 'Ask for higher fees of a send that waits',
    description: 'The act is performed as others are. The earliest send that waits goes first.',
    status: 201,
    errors: [...ASKING, ...OF_REPLACEMENTS],
  })
  speedUp(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @SendInPath() sendId: string,
  ): Promise<ActResponse> {
    return this.asked.ask(caller, id, { kind: 'speed-up', request: { sendId } });
  }

  @Post('sends/:sendId/cancel')
  @AccountPlane('cancelSend', ActResponse, {
    summary: 'Ask to send nothing in place of a send that waits',
    description: 'As `speedUpSend`. The first version may still be the one that a block gets.',
    status: 201,
    errors: [...ASKING, ...OF_REPLACEMENTS],
  })
  cancel(
    @Caller() caller: Principal,
    @WalletInPath() id: string,
    @SendInPath() sendId: string,
  ): Promise<ActResponse> {
    return this.asked.ask(caller, id, { kind: 'cancel', request: { sendId } });
  }
}
