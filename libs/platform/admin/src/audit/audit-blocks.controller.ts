import { Get, Query } from '@nestjs/common';
import { Operation } from '../routes/operation';
import { AuditSigner } from '@countersign/audit';
import { idOfSequence, PageQuery, sequenceOfId, type Keyset } from '@countersign/http';
import { AuditBlockPageResponse, AuditBlockResponse, AuditKeyResponse } from '../dto/audit-block.dto';
import { Cursors } from '../lists/cursors';
import { AdminController } from '../routes/admin-controller';

@AdminController('audit', 'Audit')
export class AuditBlocksController {
  constructor(
    private readonly signer: AuditSigner,
    private readonly cursors: Cursors,
  ) {}

  @Get('blocks')
  @Operation('listAuditBlocks', 'audit:read', AuditBlockPageResponse, {
    summary: 'List the signed blocks of the audit trail, newest first',
    description:
      'Keep them elsewhere: a copy shows when the end of the trail was cut, or the trail rewritten. ' +
      '`countersign audit verify --lines` reads them, one on a line.',
  })
  blocks(@Query() query: PageQuery): Promise<AuditBlockPageResponse> {
    const read = ({ limit, afterId }: Keyset) =>
      this.signer.list(afterId === null ? null : Number(sequenceOfId(afterId)), limit + 1);
    return this.cursors.page('audit-blocks', query, AuditBlockResponse, read, ({ number }) =>
      idOfSequence(String(number)),
    );
  }

  @Get('public-key')
  @Operation('readAuditPublicKey', 'audit:read', AuditKeyResponse, {
    summary: 'Read the public key that blocks of the audit trail are signed for',
  })
  publicKey(): AuditKeyResponse {
    return this.signer.publicKey();
  }
}
