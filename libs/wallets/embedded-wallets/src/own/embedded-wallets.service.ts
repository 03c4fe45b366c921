import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { accountError, ActDecisions } from '@countersign/account';
import { ApplicationsService } from '@countersign/applications';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import type { WalletDescription } from '@countersign/custody-client';
import { Database, LostRace } from '@countersign/database';
import { OwnWallets, WalletRecords, WalletRegister, type OwnWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { erasurePending, Erasures, IdentitiesService, UsersService } from '@countersign/users';
import type { ActName } from '../acts/act-names';
import { assertGranted, embeddedWalletActs } from '../acts/acts';
import { Custody, tonWalletIn } from '../custody';
import { embeddedWalletError } from '../embedded-wallets.errors';
import type { EmbeddedWalletSettings } from '../embedded-wallets.settings';
import { SettledIdentities } from '../freezing/settled-identities';
import { EmbeddedWalletsRepository, type WantedWallet } from '../store/embedded-wallets.repository';

export const embeddedChains = ['evm', 'ton'] as const;
export type EmbeddedChain = (typeof embeddedChains)[number];

/** More than an account has. */
const ALL = '200';
const PROVIDERS = { evm: 'ethereum', ton: 'ton' } as const;

/** Creates embedded wallets, and lets applications use them. */
@Injectable()
export class EmbeddedWallets {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsService,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly erasures: Erasures,
    private readonly decisions: ActDecisions,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly settled: SettledIdentities,
    private readonly register: WalletRegister,
    private readonly records: WalletRecords,
    private readonly wallets: OwnWallets,
    private readonly custody: Custody,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * The wallet of the person for a chain, in the environment of the session: made where there is none. The application may
   * use it from then on; where another application made it, after a step-up.
   * @throws AppError wallet.embedded_off, wallet.came_by_merge, account.step_up_required, account.grant_invalid, auth.assurance_too_low,
   * wallet.custody_unavailable, user.erasure_pending
   */
  async create(
    caller: Principal,
    chain: EmbeddedChain,
  ): Promise<{ readonly wallet: OwnWallet; readonly isNew: boolean }> {
    await this.settingsOf(caller.applicationId);
    // Refused before anything is reserved.
    this.custody.assertConfigured();
    await this.audit.prepare();
    const wanted = await this.wantedBy(caller, PROVIDERS[chain]);
    const existing = await this.database.transaction((tx) => this.grantExisting(tx, caller, wanted));
    if (existing !== null) return { wallet: await this.wallets.get(caller, existing), isNew: false };
    const walletId = await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      return this.embedded.reserve(tx, wanted, { walletId: uuidv7(), requestedAt: this.clock.now() });
    });
    // Repeated after an unknown outcome, the call is done once.
    const made = await this.custody.answer((client) => client.create({ callId: walletId, walletId }));
    const isNew = await this.database.transaction((tx) => this.finish(tx, caller, wanted, walletId, made));
    return { wallet: await this.wallets.get(caller, walletId), isNew };
  }

  /** The wallet of the person for a chain, where the session sees it, and whether its application may use it. */
  async find(
    caller: Principal,
    chain: EmbeddedChain,
  ): Promise<{ readonly wallet: OwnWallet; readonly isGranted: boolean } | null> {
    const provider = PROVIDERS[chain];
    const walletId = await this.database.read((manager) => this.embedded.findSeen(manager, caller, provider));
    if (walletId === null) return null;
    const { items } = await this.wallets.list(caller, { limit: ALL });
    const wallet = items.find((each) => each.wallet.id === walletId);
    const { applicationId } = caller;
    const isGranted = await this.database.read((manager) =>
      this.embedded.isGranted(manager, walletId, applicationId),
    );
    return wallet ? { wallet, isGranted } : null;
  }

  /** Whether an application may do an act at all. */
  async allows(applicationId: string, act: ActName): Promise<boolean> {
    const { trust, settings } = await this.applications.getById(applicationId);
    const { enabled, acts } = settings.embeddedWallets;
    return trust === 'first-party' && enabled && acts.includes(act);
  }

  /** @throws AppError account.first_party_only, wallet.embedded_off */
  async settingsOf(applicationId: string, tx?: EntityManager): Promise<EmbeddedWalletSettings> {
    const { trust, settings } = tx
      ? await this.applications.getByIdWithin(tx, applicationId)
      : await this.applications.getById(applicationId);
    if (trust !== 'first-party') throw accountError('account.first_party_only');
    if (!settings.embeddedWallets.enabled) throw embeddedWalletError('wallet.embedded_off');
    return settings.embeddedWallets;
  }

  private async wantedBy(caller: Principal, provider: WantedWallet['provider']): Promise<WantedWallet> {
    const environment = await this.database.read((manager) => this.environmentOf(manager, caller));
    return { userId: caller.userId, environment, provider };
  }

  /** Of the identity of a session. */
  async environmentOf(manager: EntityManager, { userId, identityId }: Principal): Promise<string> {
    const own = await this.identities.listOf(manager, userId);
    return own.find(({ id }) => id === identityId)?.environment ?? 'production';
  }

  /** @returns the id of a wallet that is there; null without one */
  private async grantExisting(
    tx: EntityManager,
    caller: Principal,
    wanted: WantedWallet,
  ): Promise<string | null> {
    await this.users.lock(tx, caller.userId);
    const walletId = await this.embedded.findOf(tx, wanted);
    if (walletId === null) {
      await this.assertNoErasure(tx, caller);
      // A separation leaves it with the account that the identity came to.
      await this.settled.assertSettled(tx, caller);
      await this.decisions.assertReached(caller, embeddedWalletActs['wallet.create'], tx);
      return null;
    }
    const { applicationId } = caller;
    if (await this.embedded.isGranted(tx, walletId, applicationId)) return walletId;
    await this.settled.assertMayUse(tx, caller, walletId);
    await assertGranted(this.decisions, tx, caller, embeddedWalletActs['wallet.grant']);
    await this.grant(tx, caller, walletId);
    return walletId;
  }

  /** An erasure takes the wallets that it was requested with, and no others. @throws AppError user.erasure_pending */
  async assertNoErasure(tx: EntityManager, { userId }: Principal): Promise<void> {
    const pending = await this.erasures.find(userId, tx);
    if (pending) throw erasurePending(pending);
  }

  private async grant(
    tx: EntityManager,
    { sessionId, applicationId }: Principal,
    walletId: string,
  ): Promise<void> {
    await this.embedded.grant(tx, { walletId, applicationId, grantedAt: this.clock.now() });
    await this.audit.record(tx, 'wallet.granted', {
      actor: `session:${sessionId}`,
      applicationId,
      subject: walletId,
    });
  }

  /** @returns false where a parallel call was faster */
  private async finish(
    tx: EntityManager,
    caller: Principal,
    { environment, provider }: WantedWallet,
    walletId: string,
    made: WalletDescription,
  ): Promise<boolean> {
    const { userId, applicationId, sessionId } = caller;
    await this.users.lock(tx, userId);
    const reserved = await this.embedded.lock(tx, walletId);
    // It took so long that the reservation was given up.
    if (!reserved) throw new LostRace();
    if (reserved.createdAt) return false;
    await this.assertNoErasure(tx, caller);
    const owner = { userId, dataKey: await this.users.getDataKey(userId, tx) };
    const address = addressOf(provider, environment, made);
    await this.register.addEmbedded(tx, owner, { walletId, provider, environment, address });
    await this.embedded.setCreated(tx, walletId, this.clock.now());
    const about = { id: walletId, userId, provider, environment };
    const wallet = {
      ...about,
      ...({ kind: 'embedded', identityId: null, chainId: null, signInAllowedAt: null } as const),
    };
    await this.records.record(tx, wallet, {
      change: 'created',
      actor: `session:${sessionId}`,
      applicationId,
    });
    await this.grant(tx, caller, walletId);
    return true;
  }
}

/** As `ProvenWallet` has it. */
function addressOf(provider: WantedWallet['provider'], environment: string, made: WalletDescription): string {
  return provider === 'ethereum' ? made.evmAddress.toLowerCase() : tonWalletIn(environment, made).address;
}
