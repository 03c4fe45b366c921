import { Get, Query } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath, type Keyset, readPage } from '@countersign/http';
import { AdminSendPageResponse, AdminSendResponse, SendsQuery } from './send.dto';
import { SendDirectory } from './send-directory';

@AdminController('sends', 'Wallets')
export class AdminSendsController {
  constructor(private readonly directory: SendDirectory) {}

  @Get()
  @Operation('listSends', 'wallets:read', AdminSendPageResponse, {
    summary: 'List sends of embedded wallets, with what each node said, newest first',
    description: 'Without recipients, amounts and hashes. A stuck one is `broadcasting` for long.',
  })
  async list(@Query() query: SendsQuery): Promise<AdminSendPageResponse> {
    const read = (keyset: Keyset) => this.directory.list(query, keyset);
    return readPage(query, AdminSendResponse, read);
  }

  @Get(':sendId')
  @Operation('readSend', 'wallets:read', AdminSendResponse, 'Read a send, with what each node said')
  async read(@IdInPath('sendId', 'send.not_found', 'The send.') id: string): Promise<AdminSendResponse> {
    return AdminSendResponse.of(await this.directory.get(id));
  }
}
