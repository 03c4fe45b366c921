import { Get, Query } from '@nestjs/common';
import { Operation } from '../routes/operation';
import { AuditReader, MAX_EXAMINED } from '@countersign/audit';
import { toResponse } from '@countersign/http';
import { AuditPageResponse, AuditQuery, AuditRecordResponse } from '../dto/audit.dto';
import { Cursors } from '../lists/cursors';
import { AdminController } from '../routes/admin-controller';

const LIST = 'audit';

@AdminController('audit', 'Audit')
export class AuditController {
  constructor(
    private readonly reader: AuditReader,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Operation('listAuditRecords', 'audit:read', AuditPageResponse, {
    summary: 'List records of the audit trail, newest first',
    description:
      `Each call is recorded itself, with the names of its filters. A call looks at ${MAX_EXAMINED} records at most, so ` +
      'that a page may have fewer items than the limit, even none, while `nextCursor` is not null: go on until it is.',
  })
  async list(@Query() query: AuditQuery): Promise<AuditPageResponse> {
    const { limit, after } = this.cursors.timedKeysetOf(LIST, query);
    const { records, next } = await this.reader.page(query.toSearch(), limit, after);
    return {
      items: records.map((record) => toResponse(AuditRecordResponse, record)),
      nextCursor: next && this.cursors.timedCursorOf(LIST, query, next),
    };
  }
}
