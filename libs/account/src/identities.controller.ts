import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  doorErrorCodes,
  ExchangeRequest,
  InitDataSignIn,
  LoginWidgetSignIn,
  spendingCodes,
  ThirdPartyInitDataSignIn,
  type DoorPath,
} from '@countersign/auth';
import { Answers, PageQuery, UuidPipe } from '@countersign/http';
import { Authenticated, Caller, forCaller, type Principal } from '@countersign/sessions';
import { AccountPlane } from './account-plane';
import { IdentityPage, IdentityResponse } from './dto/me.response';
import { OwnIdentitiesService } from './own-identities.service';

const linkErrors = [...spendingCodes, 'account.step_up_required', 'identity.belongs_to_another'];

@Controller('v1/me/identities')
@ApiTags('The person')
export class IdentitiesController {
  constructor(private readonly identities: OwnIdentitiesService) {}

  @Get()
  @ApiOperation({ operationId: 'listOwnIdentities', summary: 'List one’s identities, oldest first' })
  @Authenticated()
  @Answers(IdentityPage)
  list(@Caller() caller: Principal, @Query() page: PageQuery): Promise<IdentityPage> {
    return forCaller(this.identities.list(caller, page));
  }

  @Post('telegram/init-data')
  @ApiOperation({ operationId: 'linkTelegramInitData', summary: 'Link the identity of a Telegram Mini App' })
  @ApiBody({ type: InitDataSignIn })
  @ApiResponse({ status: 200, type: IdentityResponse, description: 'It was one’s own already.' })
  @AccountPlane()
  @Answers(IdentityResponse, { status: 201, errors: [...doorErrorCodes.initData, ...linkErrors] })
  linkTelegramInitData(
    @Caller() caller: Principal,
    @Body() body: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IdentityResponse> {
    return this.link('telegram/init-data', caller, body, reply);
  }

  @Post('telegram/third-party-init-data')
  @ApiOperation({
    operationId: 'linkThirdPartyInitData',
    summary: 'Link the identity of a Mini App of an allowed bot',
  })
  @ApiBody({ type: ThirdPartyInitDataSignIn })
  @ApiResponse({ status: 200, type: IdentityResponse, description: 'It was one’s own already.' })
  @AccountPlane()
  @Answers(IdentityResponse, { status: 201, errors: [...doorErrorCodes.thirdPartyInitData, ...linkErrors] })
  linkThirdPartyInitData(
    @Caller() caller: Principal,
    @Body() body: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IdentityResponse> {
    return this.link('telegram/third-party-init-data', caller, body, reply);
  }

  @Post('telegram/login-widget')
  @ApiOperation({ operationId: 'linkTelegramLoginWidget', summary: 'Link the identity of a Login Widget' })
  @ApiBody({ type: LoginWidgetSignIn })
  @ApiResponse({ status: 200, type: IdentityResponse, description: 'It was one’s own already.' })
  @AccountPlane()
  @Answers(IdentityResponse, { status: 201, errors: [...doorErrorCodes.loginWidget, ...linkErrors] })
  linkTelegramLoginWidget(
    @Caller() caller: Principal,
    @Body() body: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IdentityResponse> {
    return this.link('telegram/login-widget', caller, body, reply);
  }

  @Post('openweb3/init-data')
  @ApiOperation({ operationId: 'linkOpenWeb3InitData', summary: 'Link the identity of an OpenWeb3 Mini App' })
  @ApiBody({ type: InitDataSignIn })
  @ApiResponse({ status: 200, type: IdentityResponse, description: 'It was one’s own already.' })
  @AccountPlane()
  @Answers(IdentityResponse, { status: 201, errors: [...doorErrorCodes.initData, ...linkErrors] })
  linkOpenWeb3InitData(
    @Caller() caller: Principal,
    @Body() body: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IdentityResponse> {
    return this.link('openweb3/init-data', caller, body, reply);
  }

  @Post('exchange')
  @ApiOperation({
    operationId: 'linkCode',
    summary: 'Link the identity of a sign-in by redirect',
    description: 'With the one-time code that it ended in.',
  })
  @ApiBody({ type: ExchangeRequest })
  @ApiResponse({ status: 200, type: IdentityResponse, description: 'It was one’s own already.' })
  @AccountPlane()
  @Answers(IdentityResponse, { status: 201, errors: [...doorErrorCodes.exchange, ...linkErrors] })
  linkCode(
    @Caller() caller: Principal,
    @Body() body: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<IdentityResponse> {
    return this.link('exchange', caller, body, reply);
  }

  @Delete(':identityId')
  @ApiOperation({
    operationId: 'unlinkIdentity',
    summary: 'Remove an identity, never the last one',
    description: 'After step-up. Sessions that were opened with it end, this one too if it is among them.',
  })
  @ApiParam({ name: 'identityId', schema: { type: 'string', format: 'uuid' } })
  @AccountPlane()
  @Answers(null, {
    errors: ['account.step_up_required', 'identity.last_at_level', 'identity.last_one', 'identity.not_found'],
  })
  unlink(
    @Caller() caller: Principal,
    @Param('identityId', new UuidPipe('identity.not_found')) identityId: string,
  ): Promise<void> {
    return forCaller(this.identities.unlink(caller, identityId));
  }

  private async link(
    path: DoorPath,
    caller: Principal,
    body: object,
    reply: FastifyReply,
  ): Promise<IdentityResponse> {
    const { identity, isNew } = await forCaller(this.identities.link(caller, path, body));
    if (!isNew) reply.status(200);
    return identity;
  }
}
