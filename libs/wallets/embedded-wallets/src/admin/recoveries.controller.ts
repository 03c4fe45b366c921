import { Get, Query } from '@nestjs/common';
import { AdminController, CountResponse, Cursors, Operation } from '@countersign/admin';
import type { Keyset } from '@countersign/http';
import {
  AdminWalletRecoveryPageResponse,
  AdminWalletRecoveryResponse,
  RecoveriesFilter,
  RecoveriesQuery,
} from './recoveries.dto';
import { RecoveryDirectory } from './recovery-directory';

@AdminController('wallet-recoveries', 'Wallets')
export class AdminRecoveriesController {
  constructor(
    private readonly directory: RecoveryDirectory,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Operation('listWalletRecoveries', 'wallets:read', AdminWalletRecoveryPageResponse, {
    summary: 'List recoveries of embedded wallets, newest first',
    description: 'Recoveries that have ended are listed for 30 days.',
  })
  async list(@Query() query: RecoveriesQuery): Promise<AdminWalletRecoveryPageResponse> {
    const filter = RecoveriesFilter.toFilter(query);
    const read = (keyset: Keyset) => this.directory.list(filter, keyset);
    return this.cursors.page('wallet-recoveries', query, AdminWalletRecoveryResponse, read);
  }

  @Get('count')
  @Operation('countWalletRecoveries', 'wallets:read', CountResponse, 'Count recoveries, up to 10000')
  count(@Query() query: RecoveriesFilter): Promise<CountResponse> {
    return this.directory.count(RecoveriesFilter.toFilter(query));
  }
}
