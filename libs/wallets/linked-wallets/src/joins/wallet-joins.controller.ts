import { Body, Controller, Get, Header, Post } from '@nestjs/common';
import { ApiBody, ApiExcludeController } from '@nestjs/swagger';
import {
  AcceptsGrant,
  AccountPlane,
  AskedJoinResponse,
  JoinsService,
  MergeResponse,
} from '@countersign/account';
import { presentedCodes } from '@countersign/auth';
import { Answers, ApiController, LimitsCalls, LimitsRefusals, TextInPath } from '@countersign/http';
import { Caller, type Principal } from '@countersign/sessions';
import { WalletChallengeResponse, WalletSignIn } from '../proofs/dto/wallet-challenge.dto';
import { WalletSignatureDoor } from '../proofs/wallet-signature.door';
import { walletChallengeCodes, walletProofCodes } from '../wallets.errors';
import { joinPage, joinPagePolicy } from './join-page';
import { AcceptJoinByWalletBody, WalletOfJoinBody } from './wallet-join.dto';
import { WalletJoins } from './wallet-joins.service';
import { WalletMerges } from './wallet-merges.service';

const CodeInPath = (): ParameterDecorator =>
  TextInPath('code', 'The code of the link.', 'Hq7mXw2kVt9pRb4cYd8nJs3f');

/** The link's page calls these routes, because the wallet's person has no session. */
@ApiController('v1/wallet-joins/:code', 'The person')
export class WalletJoinsController {
  constructor(
    private readonly requests: JoinsService,
    private readonly joins: WalletJoins,
  ) {}

  @Get()
  @LimitsRefusals('sign-in')
  @Answers('describeWalletJoin', AskedJoinResponse, {
    summary: 'Get who asks the account of a wallet to join',
    description: 'For the page of the link, before its person answers.',
    errors: ['account.join_not_found'],
  })
  async describe(@CodeInPath() of: string): Promise<AskedJoinResponse> {
    return this.requests.describeAsked(await this.joins.openOf(of));
  }

  @Post('challenges')
  @LimitsCalls('wallet-challenge')
  @Answers('createWalletJoinChallenge', WalletChallengeResponse, {
    summary: 'Ask for the message that accepts to join',
    description: 'SIWE (EIP-4361) for this service itself. It is good for five minutes and one answer.',
    status: 201,
    errors: ['account.join_not_found', ...walletChallengeCodes],
  })
  challenge(
    @CodeInPath() of: string,
    @Body() { address }: WalletOfJoinBody,
  ): Promise<WalletChallengeResponse> {
    return this.joins.challenge(of, address);
  }

  @Post('accept')
  @LimitsRefusals('sign-in')
  @Answers('acceptWalletJoin', MergeResponse, {
    summary: 'Accept by a wallet: its account becomes part of the asking one',
    description:
      'With the number that the asking person was shown. The wallet counts as `vendor` there. An account that has another way ' +
      'to sign in is not joined.',
    errors: [
      'account.join_not_found',
      'account.join_number_wrong',
      'account.nothing_to_merge',
      'account.same_account',
      'auth.assurance_too_low',
      'user.deactivated',
      'user.erasure_pending',
      ...walletProofCodes,
    ],
  })
  accept(@CodeInPath() of: string, @Body() body: AcceptJoinByWalletBody): Promise<MergeResponse> {
    return this.joins.accept(of, body);
  }
}

@Controller('join')
@ApiExcludeController()
export class JoinPageController {
  @Get(':code')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', joinPagePolicy)
  @Header('referrer-policy', 'no-referrer')
  page(): string {
    return joinPage;
  }
}

@ApiController('v1/me', 'The person')
export class WalletMergesController {
  constructor(private readonly merges: WalletMerges) {}

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
      ...WalletSignatureDoor.declaration.codes,
      ...presentedCodes,
      'account.nothing_to_merge',
      'account.same_account',
      'account.cannot_join',
    ],
  })
  merge(@Caller() caller: Principal, @Body() body: object): Promise<MergeResponse> {
    return this.merges.merge(caller, body);
  }
}
