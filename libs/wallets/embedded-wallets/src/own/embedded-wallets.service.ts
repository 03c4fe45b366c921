import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import { OwnWallets, type OwnWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { ActRules, WalletAccess, type TokenOrigin } from '../acts/act-rules';
import { Custody } from '../custody';
import { EmbeddedWalletsRepository, type WantedWallet } from '../store/embedded-wallets.repository';
import { WalletCreation } from './wallet-creation';

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
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly creation: WalletCreation,
    private readonly wallets: OwnWallets,
    private readonly custody: Custody,
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
    const wanted = await this.database.read((manager) => this.wantedBy(manager, caller, chain, by));
    const existing = await this.database.transaction((tx) => this.creation.findOrAllow(tx, caller, wanted));
    if (existing !== null) return { wallet: await this.wallets.get(caller, existing), isNew: false };
    const walletId = await this.database.transaction((tx) => this.creation.reserve(tx, caller, wanted));
    // Repeated after an unknown outcome, the call is done once.
    const made = await this.custody.answer((client) =>
      client.create({ callId: walletId, walletId }, wanted.environment === 'test' ? 'test' : 'production'),
    );
    const isNew = await this.database.transaction((tx) =>
      this.creation.finish(tx, caller, wanted, walletId, made),
    );
    return { wallet: await this.wallets.get(caller, walletId), isNew };
  }

  /** The wallet of the person for a chain, as `create` for a compatible API, where the session sees it. */
  async find(caller: Principal, chain: EmbeddedChain): Promise<OwnWallet | null> {
    const walletId = await this.database.read(async (manager) =>
      this.embedded.findOf(manager, await this.wantedBy(manager, caller, chain, 'compat')),
    );
    if (walletId === null) return null;
    const { items } = await this.wallets.list(caller, { limit: ALL });
    return items.find(({ wallet }) => wallet.id === walletId) ?? null;
  }

  private async wantedBy(
    manager: EntityManager,
    caller: Principal,
    chain: EmbeddedChain,
    by: TokenOrigin,
  ): Promise<WantedWallet> {
    const { userId, applicationId } = caller;
    const isOfAccount = by === 'native' || (await this.rules.isAccountWide(manager, caller));
    return {
      userId,
      environment: await this.embedded.environmentOf(manager, caller),
      provider: PROVIDERS[chain],
      applicationId: isOfAccount ? null : applicationId,
    };
  }
}
