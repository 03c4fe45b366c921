import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { AuditService, operator } from '@countersign/audit';
import { Database, LostRace, newestFirst } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { SessionsService } from '@countersign/sessions';
import { AccountEvents, IdentitiesService, identityError, UsersService } from '@countersign/users';
import { WalletRecords } from '../wallet-records';
import { WalletRegister } from '../wallet-register';
import { walletError } from '../wallets.errors';
import { WalletEntity } from '../store/wallet.entity';
import { authEvents } from '@countersign/auth';

export type ListedWallet = Omit<WalletEntity, 'label' | 'address' | 'walletKey' | 'evidence'>;

const COLUMNS = [
  'id',
  'userId',
  'identityId',
  'kind',
  'provider',
  'environment',
  'chainId',
  'isPrimary',
  'linkedAt',
  'checkedAt',
] as const satisfies readonly (keyof ListedWallet)[];

/** Gives operators access to wallets without any personal field. */
@Injectable()
export class WalletOperations {
  constructor(
    private readonly database: Database,
    private readonly register: WalletRegister,
    private readonly records: WalletRecords,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
  ) {}

  /** Newest first. @param userId a merged account's id stands for the surviving account */
  async list({ userId }: { readonly userId?: string }, keyset: Keyset): Promise<readonly ListedWallet[]> {
    const current = userId === undefined ? null : await this.users.resolveId(userId.toLowerCase());
    return this.database.read((manager) => {
      const query = selected(manager);
      if (current !== null) query.andWhere('wallet.userId = :current', { current });
      return newestFirst(query, 'wallet.id', keyset);
    });
  }

  async get(walletId: string): Promise<ListedWallet> {
    const found = await this.database.read((manager) =>
      selected(manager).andWhere('wallet.id = :walletId', { walletId }).getOne(),
    );
    if (!found) throw walletError('wallet.not_found');
    return found;
  }

  /** Ends its sessions. Needs no step-up and no level of the other identities, but never unlinks the last one. */
  async unlink(walletId: string): Promise<{ readonly endedSessions: number }> {
    const ended = await this.database.transaction((tx) => this.unlinkIn(tx, walletId));
    return { endedSessions: ended.length };
  }

  private async unlinkIn(tx: EntityManager, walletId: string): Promise<readonly string[]> {
    const found = await tx.findOneBy(WalletEntity, { id: walletId });
    if (!found) throw walletError('wallet.not_found');
    const { userId } = found;
    const user = await this.users.lockIfThere(tx, userId);
    const wallet = await tx.findOneBy(WalletEntity, { id: walletId });
    if (!wallet) throw walletError('wallet.not_found');
    // A merge or a detachment came first.
    if (!user || wallet.userId !== userId) throw new LostRace();
    const { identityId } = wallet;
    if (wallet.kind === 'connected') {
      await this.register.remove(tx, user, wallet);
      await this.records.record(tx, wallet, { change: 'unlinked', actor: operator() });
      return [];
    }
    if (identityId === null) throw walletError('wallet.is_embedded');
    const own = await this.identities.listOf(tx, userId);
    const leaving = own.find(({ id }) => id === identityId);
    await this.identities.assertNotAlone(tx, user, identityId);
    if (!leaving) throw identityError('identity.not_found');
    const ended = await this.sessions.end(tx, { userId, identityId }, 'unlinked');
    await this.identities.remove(tx, user, leaving, operator());
    const { provider, environment } = leaving;
    await this.audit.recordByOperator(tx, authEvents.identityUnlinked, {
      subject: identityId,
      details: { endedSessions: String(ended.length) },
      event: { userId, identityId, provider, environment },
      applicationIds: this.events.of(userId),
    });
    return ended;
  }
}

function selected(manager: EntityManager): SelectQueryBuilder<WalletEntity> {
  return manager
    .createQueryBuilder(WalletEntity, 'wallet')
    .select(COLUMNS.map((column) => `wallet.${column}`));
}
