import { Controller, Delete, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Answers, laterOrDone } from '@countersign/http';
import { InSession, Caller, type Principal } from '@countersign/sessions';
import { FirstPartyOnly } from '../rules/account-plane';
import { ErasureQuery } from '../dto/erasure.query';
import { ErasurePreviewResponse, ErasureResponse } from '../dto/erasure.response';
import { AcceptsGrant } from '../step-up/accepts-grant';
import { ErasureService } from './erasure.service';

@Controller('v1/me')
@ApiTags('The person')
export class ErasureController {
  constructor(private readonly erasures: ErasureService) {}

  @Get('erasure')
  @ApiOperation({
    operationId: 'previewErasure',
    summary: 'Show what an erasure of the account would mean',
    description: 'What would be lost and when, and the erasure that is requested already.',
  })
  @InSession()
  @Answers(ErasurePreviewResponse)
  preview(@Caller() caller: Principal): Promise<ErasurePreviewResponse> {
    return this.erasures.preview(caller);
  }

  @Delete()
  @ApiOperation({
    operationId: 'eraseMe',
    summary: 'Erase the account',
    description:
      'After step-up, with `confirm` and `forfeit` as GET /v1/me/erasure names them. All sessions end, sign-ins answer 403 ' +
      '`user.erasure_pending`, and the account is erased after the days of the installation. Below its level, after a fresh sign-in: the sessions ' +
      'of this application end, the account goes on for at least 7 days, and a stronger sign-in cancels it.',
  })
  @AcceptsGrant()
  @FirstPartyOnly()
  @InSession()
  @Answers(ErasureResponse, {
    status: 202,
    description: 'The account is to be erased.',
    errors: ['account.erasure_not_confirmed', 'account.forfeit_not_named', 'account.step_up_required'],
  })
  @ApiQuery({ type: ErasureQuery })
  @ApiResponse({ status: 204, description: 'The account is erased.' })
  async erase(
    @Caller() caller: Principal,
    @Query() query: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ErasureResponse | undefined> {
    const erasesAt = await this.erasures.request(caller, query);
    return laterOrDone(reply, erasesAt && { erasesAt: erasesAt.toISOString() });
  }
}
