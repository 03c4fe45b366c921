import { Body, Delete, Get, Post } from '@nestjs/common';
import { ApiController, IdInPath, TextInPath } from '@countersign/http';
import { InSession, Caller, CallerRule, type Principal } from '@countersign/sessions';
import { AccountPlane, FirstPartyOnly, AcceptsGrant } from '../rules/account-plane';
import { MergeResponse } from '../dto/me.response';
import { AcceptJoinBody, AskedJoinResponse, JoinRequestResponse, JoinStateResponse } from './join.dto';
import { JoinAcceptance } from './join-acceptance.service';
import { JoinsService } from './joins.service';

const JoinInPath = (): ParameterDecorator =>
  IdInPath('joinId', 'account.join_not_found', 'The id of the request.');
const CodeInPath = (): ParameterDecorator =>
  TextInPath('code', 'The code of the start parameter, without `j_`.', 'Hq7mXw2kVt9pRb4cYd8nJs3f');

@ApiController('v1/me/joins', 'The person')
export class OwnJoinsController {
  constructor(private readonly joins: JoinsService) {}

  @Post()
  @AcceptsGrant()
  @AccountPlane('askToJoin', JoinRequestResponse, {
    summary: 'Ask the person of another account to join it to this one',
    description:
      'After step-up. The page shows the number, and the link as text and QR code. The other person opens it, sees who ' +
      'asks, types the number and accepts. Ten requests of a person an hour.',
    status: 201,
  })
  ask(@Caller() caller: Principal): Promise<JoinRequestResponse> {
    return this.joins.ask(caller);
  }

  @Get(':joinId')
  @InSession('getJoin', JoinStateResponse, {
    summary: 'Get what became of a request to join',
    description: 'Of this session.',
  })
  get(@Caller() caller: Principal, @JoinInPath() joinId: string): Promise<JoinStateResponse> {
    return this.joins.read(caller, joinId);
  }

  @Delete(':joinId')
  @InSession('withdrawJoin', null, { summary: 'Withdraw a request to join', description: 'Of this session.' })
  withdraw(@Caller() caller: Principal, @JoinInPath() joinId: string): Promise<void> {
    return this.joins.withdraw(caller, joinId);
  }
}

@ApiController('v1/joins/:code', 'The person')
export class JoinsController {
  constructor(
    private readonly joins: JoinsService,
    private readonly acceptance: JoinAcceptance,
  ) {}

  @Get()
  @InSession('describeJoin', AskedJoinResponse, {
    summary: 'Get who asks to join',
    description: 'For the page that the link opened, before its person answers.',
    errors: ['account.join_not_found'],
  })
  describe(@CodeInPath() code: string): Promise<AskedJoinResponse> {
    return this.joins.describe(code);
  }

  @Post('accept')
  @AcceptsGrant()
  @CallerRule(JoinAcceptance, (joins, caller, { code = '' }) => joins.assertMayAccept(caller, code))
  @FirstPartyOnly()
  @InSession('acceptJoin', MergeResponse, {
    summary: 'Accept: this account becomes part of the asking one',
    description:
      'With the grant of the sign-in that the link opened, and the number that the asking page shows. The identities of ' +
      'this account become the other one’s, its sessions end, its id stays an alias.',
    errors: [
      'account.join_not_found',
      'account.join_number_wrong',
      'account.same_account',
      'auth.assurance_too_low',
      'user.deactivated',
      'account.cannot_join',
      'user.erasure_pending',
    ],
  })
  accept(
    @Caller() caller: Principal,
    @CodeInPath() code: string,
    @Body() { number }: AcceptJoinBody,
  ): Promise<MergeResponse> {
    return this.acceptance.accept(caller, code, number);
  }
}
