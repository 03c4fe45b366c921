import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService, operator } from '@countersign/audit';
import type { Chain } from '@countersign/chains';
import { Clock } from '@countersign/clock';
import { Database, insertIfNew, LostRace } from '@countersign/database';
import { WalletAddresses, WalletEntity, WalletRecords, WalletRegister } from '@countersign/linked-wallets';
import { UsersService } from '@countersign/users';
import { Custody, tonWalletIn } from '../custody';
import { EmbeddedWalletsRepository, type WantedWallet } from '../store/embedded-wallets.repository';
import { FundingAccountEntity } from './funding-account.entity';

/** The chains that a funding wallet pays on. */
export type FundingKind = Pick<Chain, 'environment' | 'kind'>;

export interface FundingWallet {
  readonly wallet: WalletEntity;
  readonly address: string;
}

const KINDS: readonly FundingKind[] = (['production', 'test'] as const).flatMap((environment) =>
  (['evm', 'ton'] as const).map((kind) => ({ environment, kind })),
);

/** The wallets of the operator that pay the fees of others: one for each kind of chain and environment, all in one account. */
@Injectable()
export class FundingWallets {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly register: WalletRegister,
    private readonly records: WalletRecords,
    private readonly addresses: WalletAddresses,
    private readonly custody: Custody,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** The account that owns them; null before the first one is created. */
  async findAccount(manager: EntityManager): Promise<string | null> {
    return (await manager.findOneBy(FundingAccountEntity, { isOnly: true }))?.userId ?? null;
  }

  /** Null if there is none. */
  async find(manager: EntityManager, of: FundingKind): Promise<FundingWallet | null> {
    const userId = await this.findAccount(manager);
    const id = userId && (await this.embedded.findOf(manager, wantedBy(userId, of)));
    const wallet = id ? await manager.findOneBy(WalletEntity, { id }) : null;
    const address = wallet && (await this.addresses.read(manager, wallet.id));
    return wallet && address ? { wallet, address } : null;
  }

  async list(): Promise<readonly (FundingWallet & FundingKind)[]> {
    return this.database.read(async (manager) => {
      const all: (FundingWallet & FundingKind)[] = [];
      for (const of of KINDS) {
        const found = await this.find(manager, of);
        if (found) all.push({ ...found, ...of });
      }
      return all;
    });
  }

  /**
   * Reads the wallet, and creates it if there is none.
   * @throws AppError wallet.embedded_off, wallet.custody_unavailable
   */
  async create(of: FundingKind): Promise<FundingWallet & FundingKind> {
    this.custody.assertConfigured();
    await this.audit.prepare();
    const userId = await this.database.transaction((tx) => this.account(tx));
    const wanted = wantedBy(userId, of);
    const walletId = await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      return this.embedded.reserve(tx, wanted, { walletId: uuidv7(), requestedAt: this.clock.now() });
    });
    // A call that is repeated after an unknown outcome is done once.
    const made = await this.custody.answer((client) => client.create({ callId: walletId, walletId }));
    const address =
      of.kind === 'ton' ? tonWalletIn(of.environment, made).address : made.evmAddress.toLowerCase();
    return this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      const reserved = await this.embedded.lock(tx, walletId);
      if (reserved && !reserved.createdAt) await this.finish(tx, wanted, walletId, address);
      const found = await this.find(tx, of);
      // The reservation has expired meanwhile.
      if (!found) throw new LostRace();
      return { ...found, ...of };
    });
  }

  private async account(tx: EntityManager): Promise<string> {
    const existing = await this.findAccount(tx);
    if (existing !== null) return existing;
    const userId = await this.users.createWithoutIdentity(tx);
    if (!(await insertIfNew(tx, FundingAccountEntity, { isOnly: true, userId }, 'is_only')))
      throw new LostRace();
    return userId;
  }

  private async finish(
    tx: EntityManager,
    wanted: WantedWallet,
    walletId: string,
    address: string,
  ): Promise<void> {
    const { userId } = wanted;
    const owner = { userId, dataKey: await this.users.getDataKey(userId, tx) };
    await this.register.addEmbedded(tx, owner, { ...wanted, walletId, address });
    await this.embedded.setCreated(tx, walletId, this.clock.now());
    const wallet = { ...wanted, id: walletId, identityId: null };
    const details = { purpose: 'funding' };
    await this.records.record(tx, wallet, { change: 'created', actor: operator(), details });
  }
}

function wantedBy(userId: string, { environment, kind }: FundingKind): WantedWallet {
  return { userId, environment, provider: kind === 'ton' ? 'ton' : 'ethereum' };
}
