import { Injectable } from '@nestjs/common';
import { AuditService } from '@countersign/audit';
import { Database } from '@countersign/database';
import { OwnWallets } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { embeddedWalletError } from '../embedded-wallets.errors';
import type { EmbeddedWalletEntity, WalletGrantEntity } from '../store/embedded-wallet.entity';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';

/** What an embedded wallet may do, and for which applications. */
export interface EmbeddedState {
  readonly state: EmbeddedWalletEntity;
  readonly grants: readonly WalletGrantEntity[];
}

/** What people see of their embedded wallets, and which applications they let use them. */
@Injectable()
export class EmbeddedStates {
  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly users: UsersService,
    private readonly audit: AuditService,
  ) {}

  /** @throws AppError wallet.not_found, wallet.not_embedded */
  async get(caller: Principal, walletId: string): Promise<EmbeddedState> {
    await this.wallets.get(caller, walletId);
    return this.database.read(async (manager) => {
      const state = await this.embedded.find(manager, walletId);
      if (!state) throw embeddedWalletError('wallet.not_embedded');
      return { state, grants: await this.embedded.grantsOf(manager, walletId) };
    });
  }

  /** The application does nothing with the wallet from now on. Again changes nothing. @throws AppError as `get` */
  async ungrant(caller: Principal, walletId: string, applicationId: string): Promise<void> {
    await this.get(caller, walletId);
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      if (!(await this.embedded.ungrant(tx, walletId, applicationId))) return;
      await this.audit.record(tx, 'wallet.ungranted', {
        actor: `session:${caller.sessionId}`,
        applicationId,
        subject: walletId,
      });
    });
  }
}
