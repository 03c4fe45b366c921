import { Get, Query } from '@nestjs/common';
import { AuditReader, MAX_EXAMINED } from '@countersign/audit';
import { cursorOf, invalidCursor, limitOf, toResponse } from '@countersign/http';
import { AuditPageResponse, AuditQuery, AuditRecordResponse } from '../dto/audit.dto';
import { AdminController, Operation } from '../routes/admin-controller';
import { adminScopes } from '../admin.feature';

/** The instant of a record in milliseconds since 1970, and its id. */
const POSITION = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

@AdminController('audit', 'Audit')
export class AuditController {
  constructor(private readonly reader: AuditReader) {}

  @Get()
  @Operation('listAuditRecords', adminScopes.auditRead, AuditPageResponse, {
    summary: 'List records of the audit trail, newest first',
    description:
      `Each call is recorded itself, with the names of its filters. A call looks at ${MAX_EXAMINED} records at most, so ` +
      'that a page may have fewer items than the limit, even none, while `nextCursor` is not null: go on until it is.',
  })
  async list(@Query() query: AuditQuery): Promise<AuditPageResponse> {
    const after = query.cursor === undefined ? null : positionIn(query.cursor);
    const { records, next } = await this.reader.page(query.toSearch(), limitOf(query), after);
    return {
      items: records.map((record) => toResponse(AuditRecordResponse, record)),
      nextCursor: next && cursorOf(`${next.occurredAt.getTime()}.${next.id}`),
    };
  }
}

function positionIn(cursor: string): { readonly occurredAt: Date; readonly id: string } {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const [, at, id] = POSITION.exec(text) ?? [];
  if (at === undefined || id === undefined || cursorOf(text) !== cursor) throw invalidCursor();
  return { occurredAt: new Date(Number(at)), id };
}
