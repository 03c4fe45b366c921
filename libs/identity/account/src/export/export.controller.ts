import { Readable } from 'node:stream';
import { Get, StreamableFile } from '@nestjs/common';
import { ApiController, assertAllowed, Id, Instant, ObjectOf, OneOf, RateLimits } from '@countersign/http';
import { Caller, type Principal } from '@countersign/sessions';
import { AccountPlane, AcceptsGrant } from '../rules/account-plane';
import { ExportService } from './export.service';

/** The limit is low because an export reads each day of the audit trail. */
const LIMIT = { name: 'export', limit: 5, window: 24 * 3_600 };

/** The head of an export, and its sections by name: docs/export.schema.json describes each of them. */
export class ExportResponse {
  @OneOf([1], 'The version of the format.', 1)
  version: 1;

  @Id('The id of the account.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10')
  userId: string;

  @Instant('When the export began.', '2026-11-20T08:00:00.000Z')
  exportedAt: string;

  @ObjectOf(true, 'Each with `meaning`, `retention` and `items`.', {
    account: { meaning: 'The account.', retention: 'Until the account is erased.', items: [] },
  })
  sections: Record<string, unknown>;
}

export function exportFile(text: AsyncIterable<string>): StreamableFile {
  return new StreamableFile(Readable.from(text), {
    type: 'application/json; charset=utf-8',
    disposition: 'attachment; filename="countersign-export.json"',
  });
}

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
    // Parallel requests can all pass the first check.
    assertAllowed(await this.limits.consume(LIMIT, [caller.userId]));
    return exportFile(text);
  }
}
