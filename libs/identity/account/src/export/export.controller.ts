import { Readable } from 'node:stream';
import { Controller, Delete, Get, Post, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Answers } from '@countersign/http';
import { assertAllowed, noteVerdict, RateLimits } from '@countersign/limits';
import { InSession, Caller, forCaller, type Principal } from '@countersign/sessions';
import { FirstPartyOnly, ProvenOnly } from '../rules/account-plane';
import { DelayedExportResponse, ExportResponse } from '../dto/export.response';
import { AcceptsGrant } from '../step-up/accepts-grant';
import { DelayedExports } from './delayed-exports.service';
import { ExportService } from './export.service';

/** An export reads each day of the audit trail. */
const LIMIT = { name: 'export', limit: 5, window: 24 * 3_600 };

@Controller('v1/me/export')
@ApiTags('The person')
export class ExportController {
  constructor(
    private readonly exports: ExportService,
    private readonly delayed: DelayedExports,
    private readonly limits: RateLimits,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'exportMe',
    summary: 'Export everything that is stored about the person',
    description:
      'After step-up, or in a sign-in that is later than the hours of a requested export. One JSON document, streamed; docs/export.schema.json describes it. Below the account’s level it ' +
      'has only what belongs to the application and the identity of the session, and says so in `scope`: such a ' +
      'session steps up with POST /v1/me/application-step-up. Five exports of a person a day.',
  })
  @AcceptsGrant()
  @InSession()
  @Answers(ExportResponse, {
    errors: [
      'account.first_party_only',
      'account.step_up_required',
      'auth.assurance_too_low',
      'request.rate_limited',
    ],
  })
  async get(
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const verdict = await this.limits.peek(LIMIT, [caller.userId]);
    if (!verdict.isAllowed) noteVerdict(reply, verdict);
    assertAllowed(verdict);
    const text = await forCaller(this.exports.exportOwn(caller));
    // Parallel requests pass the first look together.
    assertAllowed(await this.limits.consume(LIMIT, [caller.userId]));
    return new StreamableFile(Readable.from(text), {
      type: 'application/json; charset=utf-8',
      disposition: 'attachment; filename="countersign-export.json"',
    });
  }

  @Post('requests')
  @ApiOperation({
    operationId: 'requestExport',
    summary: 'Request an export without a step-up',
    description:
      'For a session whose own sign-in proof is at most five minutes old. The export is ready after 72 hours, and is ' +
      'collected with GET /v1/me/export in a session whose sign-in proof was made after them. Every session ' +
      'of the person in the application sees it and can cancel it. An earlier request stays as it is.',
  })
  @FirstPartyOnly()
  @ProvenOnly()
  @InSession()
  @Answers(DelayedExportResponse, {
    status: 202,
    description: 'It is requested.',
    errors: ['account.step_up_required'],
  })
  request(@Caller() caller: Principal): Promise<DelayedExportResponse> {
    return forCaller(this.delayed.request(caller));
  }

  @Get('requests')
  @ApiOperation({
    operationId: 'getRequestedExport',
    summary: 'Get the requested export of the person in this application',
    description: 'Every session of the person in the application sees it.',
  })
  @InSession()
  @Answers(DelayedExportResponse, { errors: ['account.export_not_requested'] })
  requested(@Caller() caller: Principal): Promise<DelayedExportResponse> {
    return forCaller(this.delayed.read(caller));
  }

  @Delete('requests')
  @ApiOperation({
    operationId: 'cancelExport',
    summary: 'Cancel a requested export',
    description: 'Any session of the person in the application does.',
  })
  @InSession()
  @Answers(null, { errors: ['account.export_not_requested'] })
  cancel(@Caller() caller: Principal): Promise<void> {
    return forCaller(this.delayed.cancel(caller));
  }
}
