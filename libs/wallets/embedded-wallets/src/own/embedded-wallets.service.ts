import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ActDecisions, tooLow } from '@countersign/account';
import { Clock } from '@countersign/clock';
import type { WalletDescription } from '@countersign/custody-client';
import { Database, LostRace } from '@countersign/database';
import { OwnWallets, WalletRecords, WalletRegister, type OwnWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { erasurePending, Erasures, IdentitiesService, isAtLeast, UsersService } from '@countersign/users';
import { ActRules, WalletAccess, type TokenOrigin } from '../acts/act-rules';
import { embeddedWalletActs } from '../acts/acts';
import { Custody, tonWalletIn } from '../custody';
import { EmbeddedWalletsRepository, type WantedWallet } from '../store/embedded-wallets.repository';

export const embeddedChains = ['evm', 'ton'] as const;
export type EmbeddedChain = (typeof embeddedChains)[number];

/** More than an account has. */
const ALL = '200';
const PROVIDERS = { evm: 'ethereum', ton: 'ton' } as const;

/** Creates embedded wallets, and finds those of people. */
@Injectable()
export class EmbeddedWallets {
  constructor(
    private readonly database: Database,
    private readonly access: WalletAccess,
    private readonly rules: ActRules,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly erasures: Erasures,
    private readonly decisions: ActDecisions,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly register: WalletRegister,
    private readonly records: WalletRecords,
    private readonly wallets: OwnWallets,
    private readonly custody: Custody,
    private readonly clock: Clock,
  ) {}

  /**
   * The wallet of the person for a chain, in the environment of the session: made where there is none. Each first-party application
   * that has embedded wallets uses it. A session of a compatible API that does not reach the account has a wallet that its application
   * alone uses.
   * @throws AppError wallet.embedded_off, wallet.came_by_merge, auth.assurance_too_low, wallet.custody_unavailable, user.erasure_pending
   */
  async create(
    caller: Principal,
    chain: EmbeddedChain,
    by: TokenOrigin = 'native',
  ): Promise<{ readonly wallet: OwnWallet; readonly isNew: boolean }> {
    await this.access.settingsOf(caller.applicationId, { by });
    // Refused before anything is reserved.
    this.custody.assertConfigured();
    const wanted = await this.wantedBy(caller, PROVIDERS[chain], by);
    const existing = await this.database.transaction((tx) => this.existing(tx, caller, wanted));
    if (existing !== null) return { wallet: await this.wallets.get(caller, existing), isNew: false };
    const walletId = await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      const { assurance } = caller;
      return this.embedded.reserve(tx, wanted, {
        walletId: uuidv7(),
        assurance,
        requestedAt: this.clock.now(),
      });
    });
    // Repeated after an unknown outcome, the call is done once.
    const made = await this.custody.answer((client) =>
      client.create({ callId: walletId, walletId }, wanted.environment === 'test' ? 'test' : 'production'),
    );
    const isNew = await this.database.transaction((tx) => this.finish(tx, caller, wanted, walletId, made));
    return { wallet: await this.wallets.get(caller, walletId), isNew };
  }

  /** The wallet of the person for a chain, as `create` for a compatible API, where the session sees it. */
  async find(caller: Principal, chain: EmbeddedChain): Promise<OwnWallet | null> {
    const walletId = await this.database.read(async (manager) => {
      const isOfAccount = await this.reachesAccount(manager, caller);
      return this.embedded.findSeen(manager, caller, {
        provider: PROVIDERS[chain],
        applicationId: isOfAccount ? null : caller.applicationId,
      });
    });
    if (walletId === null) return null;
    const { items } = await this.wallets.list(caller, { limit: ALL });
    return items.find(({ wallet }) => wallet.id === walletId) ?? null;
  }

  private async wantedBy(
    caller: Principal,
    provider: WantedWallet['provider'],
    by: TokenOrigin,
  ): Promise<WantedWallet> {
    return this.database.read(async (manager) => {
      const environment = await this.environmentOf(manager, caller);
      const isOfAccount = by === 'native' || (await this.reachesAccount(manager, caller));
      const applicationId = isOfAccount ? null : caller.applicationId;
      return { userId: caller.userId, environment, provider, applicationId };
    });
  }

  private async reachesAccount(manager: EntityManager, caller: Principal): Promise<boolean> {
    if (caller.assurance === 'platform') return true;
    return this.decisions.isAtLevel(caller, embeddedWalletActs['wallet.create'], manager);
  }

  /** Of the identity of a session. */
  async environmentOf(manager: EntityManager, { userId, identityId }: Principal): Promise<string> {
    const own = await this.identities.listOf(manager, userId);
    return own.find(({ id }) => id === identityId)?.environment ?? 'production';
  }

  /** @returns the id of a wallet that is there; null without one */
  private async existing(tx: EntityManager, caller: Principal, wanted: WantedWallet): Promise<string | null> {
    await this.users.lock(tx, caller.userId);
    const walletId = await this.embedded.findOf(tx, wanted);
    if (walletId === null) {
      await this.assertNoErasure(tx, caller);
      // A separation leaves it with the account that the identity came to.
      await this.rules.assertNotMerged(tx, caller);
      if (wanted.applicationId === null)
        await this.decisions.assertAtLevel(caller, embeddedWalletActs['wallet.create'], tx);
      else if (caller.isOfAllowedBot || !isAtLeast(caller.assurance, 'bot-token')) throw tooLow('bot-token');
      return null;
    }
    await this.rules.assertMayUse(tx, caller, walletId);
    return walletId;
  }

  /** An erasure takes the wallets that it was requested with, and no others. @throws AppError user.erasure_pending */
  async assertNoErasure(tx: EntityManager, { userId }: Principal): Promise<void> {
    const pending = await this.erasures.find(userId, tx);
    if (pending) throw erasurePending(pending);
  }

  /** @returns false where a parallel call was faster */
  private async finish(
    tx: EntityManager,
    caller: Principal,
    { environment, provider, applicationId: onlyIn }: WantedWallet,
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
    await this.register.addEmbedded(tx, owner, {
      ...{ walletId, provider, environment, address },
      applicationId: onlyIn,
    });
    await this.embedded.setCreated(tx, walletId, this.clock.now());
    const about = { id: walletId, userId, provider, environment };
    const wallet = { ...about, ...({ kind: 'embedded', identityId: null } as const) };
    await this.records.record(tx, wallet, {
      change: 'created',
      actor: `session:${sessionId}`,
      applicationId,
    });
    return true;
  }
}

/** As `ProvenWallet` has it. */
function addressOf(provider: WantedWallet['provider'], environment: string, made: WalletDescription): string {
  return provider === 'ethereum' ? made.evmAddress.toLowerCase() : tonWalletIn(environment, made).address;
}
