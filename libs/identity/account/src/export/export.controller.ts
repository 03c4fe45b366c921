import { Readable } from 'node:stream';
import { Get, StreamableFile } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { assertAllowed, RateLimits } from '@countersign/limits';
import { Caller, type Principal } from '@countersign/sessions';
import { AccountPlane, AcceptsGrant } from '../rules/account-plane';
import { ExportResponse } from '../dto/export.response';
import { ExportService } from './export.service';

/** An export reads each day of the audit trail. */
const LIMIT = { name: 'export', limit: 5, window: 24 * 3_600 };

@ApiController('v1/me/export', 'The person')
export class ExportController {
  constructor(
    private readonly exports: ExportService,
    private readonly limits: RateLimits,
  ) {}

  @Get()
  @AcceptsGrant()
  @AccountPlane('exportMe', ExportResponse, {
    summary: 'Export everything that is stored about the person',
    description:
      'After step-up. One JSON document, streamed; docs/export.schema.json describes it. Five exports of a person a day.',
  })
  async get(@Caller() caller: Principal): Promise<StreamableFile> {
    assertAllowed(await this.limits.peek(LIMIT, [caller.userId]));
    const text = await this.exports.exportOwn(caller);
    // Parallel requests pass the first look together.
    assertAllowed(await this.limits.consume(LIMIT, [caller.userId]));
    return new StreamableFile(Readable.from(text), {
      type: 'application/json; charset=utf-8',
      disposition: 'attachment; filename="countersign-export.json"',
    });
  }
}
