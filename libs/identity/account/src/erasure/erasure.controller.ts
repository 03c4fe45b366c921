import { Delete, Get, Query, Res } from '@nestjs/common';
import { ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiController } from '@countersign/http';
import { Caller, type Principal } from '@countersign/sessions';
import { AccountPlane, AcceptsGrant } from '../rules/account-plane';
import { ErasureQuery, ErasurePreviewResponse, ErasureResponse } from '../dto/erasure.response';
import { ErasureService } from './erasure.service';

@ApiController('v1/me', 'The person')
export class ErasureController {
  constructor(private readonly erasures: ErasureService) {}

  @Get('erasure')
  @AccountPlane('previewErasure', ErasurePreviewResponse, {
    summary: 'Show what an erasure of the account would mean',
    description: 'What would be lost and when, and the erasure that is requested already.',
  })
  preview(@Caller() caller: Principal): Promise<ErasurePreviewResponse> {
    return this.erasures.preview(caller);
  }

  @Delete()
  @AcceptsGrant()
  @AccountPlane('eraseMe', ErasureResponse, {
    summary: 'Erase the account',
    description:
      'After step-up, with `confirm` and `forfeit` as GET /v1/me/erasure names them. All sessions end, sign-ins answer 403 ' +
      '`user.erasure_pending`, and the account is erased after the days of the installation.',
    status: 202,
    answerDescription: 'The account is to be erased.',
    errors: ['account.erasure_not_confirmed', 'account.erasures_wait', 'account.forfeit_not_named'],
  })
  @ApiQuery({ type: ErasureQuery })
  @ApiResponse({ status: 204, description: 'The account is erased.' })
  async erase(
    @Caller() caller: Principal,
    @Query() query: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ErasureResponse | undefined> {
    const erasesAt = await this.erasures.request(caller, query);
    if (erasesAt) return { erasesAt: erasesAt.toISOString() };
    void reply.status(204);
    return undefined;
  }
}
