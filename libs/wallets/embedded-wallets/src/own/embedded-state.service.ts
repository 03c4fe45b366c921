import { Injectable } from '@nestjs/common';
import { AuditService } from '@countersign/audit';
import { Database } from '@countersign/database';
import { OwnWallets } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { Custody } from '../custody';
import { embeddedWalletError } from '../embedded-wallets.errors';
import type { EmbeddedWalletEntity, WalletGrantEntity } from '../store/embedded-wallet.entity';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';

/** What an embedded wallet may do, and for which applications. */
export interface EmbeddedState {
  readonly state: EmbeddedWalletEntity;
  readonly grants: readonly WalletGrantEntity[];
  /** ISO 8601. */
  readonly frozenAt: string | null;
}

/** What people see of their embedded wallets, and which applications they let use them. */
@Injectable()
export class EmbeddedStates {
  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly users: UsersService,
    private readonly custody: Custody,
    private readonly audit: AuditService,
  ) {}

  /**
   * @throws AppError wallet.not_found, wallet.not_embedded, wallet.key_missing, wallet.embedded_off,
   * wallet.custody_unavailable
   */
  async get(caller: Principal, walletId: string): Promise<EmbeddedState> {
    await this.wallets.get(caller, walletId);
    const found = await this.find(walletId);
    if (!found) throw embeddedWalletError('wallet.not_embedded');
    return found;
  }

  /** Of any person. @throws AppError wallet.key_missing, wallet.embedded_off, wallet.custody_unavailable */
  async find(walletId: string): Promise<EmbeddedState | null> {
    const found = await this.database.read(async (manager) => {
      const state = await this.embedded.find(manager, walletId);
      return state?.createdAt ? { state, grants: await this.embedded.grantsOf(manager, walletId) } : null;
    });
    return found && { ...found, frozenAt: await this.custody.frozenAt(walletId) };
  }

  /**
   * The application does nothing with the wallet from now on. Again changes nothing.
   * @throws AppError wallet.not_found, wallet.not_embedded
   */
  async ungrant(caller: Principal, walletId: string, applicationId: string): Promise<void> {
    const { wallet } = await this.wallets.get(caller, walletId);
    if (wallet.kind !== 'embedded') throw embeddedWalletError('wallet.not_embedded');
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
