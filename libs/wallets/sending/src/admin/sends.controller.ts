import { Get, Query } from '@nestjs/common';
import {
  AdminController,
  Caller,
  CountResponse,
  Cursors,
  Operation,
  type Principal,
} from '@countersign/admin';
import { IdInPath, type Keyset } from '@countersign/http';
import { AdminSendPageResponse, AdminSendResponse, SendsFilter, SendsQuery } from './send.dto';
import { SendDirectory, type ListedSend } from './send-directory';

@AdminController('sends', 'Wallets')
export class AdminSendsController {
  constructor(
    private readonly directory: SendDirectory,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Operation('listSends', 'wallets:read', AdminSendPageResponse, {
    summary: 'List sends of embedded wallets, with what each node said, newest first',
    description: 'Without recipients, amounts and hashes. A stuck one is `broadcasting` for long.',
  })
  async list(@Query() query: SendsQuery, @Caller() caller: Principal): Promise<AdminSendPageResponse> {
    const filter = SendsFilter.toFilter(query);
    const read = (keyset: Keyset) => this.directory.list(filter, keyset);
    return this.cursors.page('sends', query, answerTo(caller), read);
  }

  @Get('count')
  @Operation('countSends', 'wallets:read', CountResponse, 'Count sends, up to 10000')
  count(@Query() query: SendsFilter): Promise<CountResponse> {
    return this.directory.count(SendsFilter.toFilter(query));
  }

  @Get(':sendId')
  @Operation('readSend', 'wallets:read', AdminSendResponse, 'Read a send, with what each node said')
  async read(
    @IdInPath('sendId', 'send.not_found', 'The send.') id: string,
    @Caller() caller: Principal,
  ): Promise<AdminSendResponse> {
    return answerTo(caller).of(await this.directory.get(id));
  }
}

function answerTo({ scopes }: Principal) {
  const showsPayments = scopes.includes('users:reveal');
  return { of: (send: ListedSend): AdminSendResponse => AdminSendResponse.of(send, showsPayments) };
}
