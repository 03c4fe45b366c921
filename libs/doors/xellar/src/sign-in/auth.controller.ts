import { Body, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Application } from '@countersign/applications';
import { ApiController, readKnown } from '@countersign/http';
import { XellarApplication } from '../clients/xellar-clients';
import { XellarLoginResponse, XellarTelegramRequest } from '../dto/telegram.dto';
import {
  ApiVersion,
  VERSION_PATHS,
  type XellarVersion,
  enveloped,
  type Answer,
  XellarRoute,
} from '../protocol/xellar-route';
import { XellarSignIn } from './xellar-sign-in.service';

@ApiController(VERSION_PATHS, 'Login')
export class XellarAuthController {
  constructor(private readonly signIns: XellarSignIn) {}

  @Post('auth/telegram')
  @XellarRoute('client', 'xellarTelegramLogin', 'Telegram login', XellarLoginResponse, XellarTelegramRequest)
  async byTelegram(
    @XellarApplication() application: Application,
    @ApiVersion() version: XellarVersion,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Answer<XellarLoginResponse> {
    const read = readKnown(XellarTelegramRequest, body);
    return enveloped('ok', await this.signIns.byTelegram(read, { application, version, request }));
  }
}
