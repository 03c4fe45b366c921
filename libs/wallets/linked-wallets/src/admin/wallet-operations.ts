import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, operator } from '@countersign/audit';
import { Database, LostRace } from '@countersign/database';
import { SessionsService } from '@countersign/sessions';
import { AccountEvents, IdentitiesService, identityError, UsersService } from '@countersign/users';
import { WalletRecords } from '../wallet-records';
import { WalletRegister } from '../wallet-register';
import { walletError } from '../wallets.errors';
import { WalletsRepository } from '../store/wallets.repository';

/** Acts of operators on wallets. */
@Injectable()
export class WalletOperations {
  constructor(
    private readonly database: Database,
    private readonly wallets: WalletsRepository,
    private readonly register: WalletRegister,
    private readonly records: WalletRecords,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
  ) {}

  /**
   * Unlinks a wallet with its identity, and ends the sessions that it opened. Without a step-up, and at any level that
   * the other identities reach; never the last identity.
   * @throws AppError wallet.not_found, wallet.is_embedded, identity.last_one
   */
  async unlink(walletId: string): Promise<{ readonly endedSessions: number }> {
    const ended = await this.database.transaction((tx) => this.unlinkIn(tx, walletId));
    this.sessions.forget(ended);
    return { endedSessions: ended.length };
  }

  private async unlinkIn(tx: EntityManager, walletId: string): Promise<readonly string[]> {
    const found = await this.wallets.find(tx, walletId);
    if (!found) throw walletError('wallet.not_found');
    const { userId } = found;
    const isThere = await this.users.lockIfThere(tx, userId);
    const wallet = await this.wallets.find(tx, walletId);
    if (!wallet) throw walletError('wallet.not_found');
    // A merge or a detachment was faster.
    if (!isThere || wallet.userId !== userId) throw new LostRace();
    const { identityId } = wallet;
    if (wallet.kind === 'connected') {
      await this.register.remove(tx, wallet);
      await this.records.record(tx, wallet, { change: 'unlinked', actor: operator() });
      return [];
    }
    if (identityId === null) throw walletError('wallet.is_embedded');
    const own = await this.identities.listOf(tx, userId);
    const leaving = own.find(({ id }) => id === identityId);
    await this.identities.assertNotAlone(tx, userId, identityId);
    if (!leaving) throw identityError('identity.not_found');
    const ended = await this.sessions.end(tx, { userId, identityId }, 'unlinked');
    await this.identities.remove(tx, userId, leaving, operator());
    const { provider, environment } = leaving;
    await this.audit.record(tx, 'identity.unlinked', {
      actor: operator(),
      subject: identityId,
      details: { endedSessions: String(ended.length) },
      event: { userId, identityId, provider, environment },
      toldTo: this.events.of(userId),
    });
    return ended;
  }
}
