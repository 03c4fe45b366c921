import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Application } from '@countersign/applications';
import { readKnown } from '@countersign/http';
import { XellarApplication } from '../clients/xellar-client.guard';
import { XellarLoginResponse, XellarTelegramRequest } from '../dto/telegram.dto';
import { ApiVersion, VERSION_PATHS, type XellarVersion } from '../protocol/api-version';
import { enveloped, type Envelope } from '../protocol/envelope';
import { XellarRoute } from '../protocol/xellar-route';
import { XellarSignIn } from './xellar-sign-in.service';

@Controller(VERSION_PATHS)
@ApiTags('Login')
export class XellarAuthController {
  constructor(private readonly signIns: XellarSignIn) {}

  @Post('auth/telegram')
  @ApiBody({ type: XellarTelegramRequest })
  @XellarRoute(
    { operationId: 'xellarTelegramLogin', summary: 'Log in with a Mini App or the Login Widget' },
    XellarLoginResponse,
    { by: 'client' },
  )
  async byTelegram(
    @XellarApplication() application: Application,
    @ApiVersion() version: XellarVersion,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Envelope<XellarLoginResponse>> {
    const read = readKnown(XellarTelegramRequest, body);
    return enveloped('ok', await this.signIns.byTelegram(read, { application, version, request, reply }));
  }
}
