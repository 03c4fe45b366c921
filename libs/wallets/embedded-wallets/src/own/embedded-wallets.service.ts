import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/runtime';
import type { WalletDescription } from '@countersign/custody-protocol';
import { LostRace, Database, lockRow } from '@countersign/database';
import { WalletRecords, WalletRegister, OwnWallets, type OwnWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { erasurePending, Erasures, UsersService } from '@countersign/users';
import { ActRules, WalletAccess, type TokenOrigin } from '../acts/act-rules';
import { tonWalletIn, Custody } from '../custody';
import { EmbeddedWalletEntity } from '../store/embedded-wallet.entity';
import { EmbeddedWalletsRepository, type WantedWallet } from '../store/embedded-wallets.repository';

@Injectable()
export class WalletCreation {
  constructor(
    private readonly users: UsersService,
    private readonly erasures: Erasures,
    private readonly rules: ActRules,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly register: WalletRegister,
    private readonly records: WalletRecords,
    private readonly clock: Clock,
  ) {}

  /** @returns the id of the existing wallet; null if a wallet may be created */
  async findOrAllow(tx: EntityManager, caller: Principal, wanted: WantedWallet): Promise<string | null> {
    const user = await this.users.lock(tx, caller.userId);
    const walletId = await this.embedded.findOf(tx, wanted);
    if (walletId !== null) {
      await this.rules.assertMayUse(tx, user, caller, walletId);
      return walletId;
    }
    await this.assertNoErasure(tx, caller);
    await this.rules.assertMayCreate(tx, user, caller, wanted);
    return null;
  }

  /** @returns the id under which custody creates the key. The first reserved id stays. */
  async reserve(tx: EntityManager, { userId, assurance }: Principal, wanted: WantedWallet): Promise<string> {
    await this.users.lock(tx, userId);
    const requestedAt = this.clock.now();
    return this.embedded.reserve(tx, wanted, { walletId: uuidv7(), assurance, requestedAt });
  }

  /** @returns false if a parallel call was faster */
  async finish(
    tx: EntityManager,
    caller: Principal,
    { environment, provider, applicationId: onlyIn }: WantedWallet,
    walletId: string,
    made: WalletDescription,
  ): Promise<boolean> {
    const { userId, applicationId, sessionId } = caller;
    const user = await this.users.lock(tx, userId);
    const reserved = await lockRow(tx, EmbeddedWalletEntity, { walletId }, 'pessimistic_write');
    // The call took so long that the reservation was given up.
    if (!reserved) throw new LostRace();
    if (reserved.createdAt) return false;
    await this.assertNoErasure(tx, caller);
    await this.register.addEmbedded(tx, user, {
      ...{ walletId, provider, environment, applicationId: onlyIn },
      address: addressOf(provider, environment, made),
    });
    await tx.update(EmbeddedWalletEntity, { walletId }, { createdAt: this.clock.now() });
    const wallet = {
      id: walletId,
      userId,
      provider,
      environment,
      kind: 'embedded',
      identityId: null,
    } as const;
    await this.records.record(tx, wallet, {
      change: 'created',
      actor: `session:${sessionId}`,
      applicationId,
    });
    return true;
  }

  /** An erasure deletes only the wallets that existed when it was requested. */
  private async assertNoErasure(tx: EntityManager, { userId }: Principal): Promise<void> {
    const pending = await this.erasures.find(userId, tx);
    if (pending) throw erasurePending(pending);
  }
}

function addressOf(provider: WantedWallet['provider'], environment: string, made: WalletDescription): string {
  return provider === 'ethereum' ? made.evmAddress.toLowerCase() : tonWalletIn(environment, made).address;
}

export const embeddedChains = ['evm', 'ton'] as const;
export type EmbeddedChain = (typeof embeddedChains)[number];

const PROVIDERS = { evm: 'ethereum', ton: 'ton' } as const;

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
   * Returns or creates the person's wallet for a chain in the session's environment. First-party applications share it.
   * A compatible API's session without access to the account gets a wallet that only its application uses.
   */
  async create(
    caller: Principal,
    chain: EmbeddedChain,
    by: TokenOrigin = 'native',
  ): Promise<{ readonly wallet: OwnWallet; readonly isNew: boolean }> {
    await this.access.settingsOf(caller.applicationId, { by });
    // Without custody, the call fails before it reserves anything.
    this.custody.assertConfigured();
    const wanted = await this.database.read((manager) => this.wantedBy(manager, caller, chain, by));
    const existing = await this.database.transaction((tx) => this.creation.findOrAllow(tx, caller, wanted));
    if (existing !== null) return { wallet: await this.wallets.get(caller, existing), isNew: false };
    const walletId = await this.database.transaction((tx) => this.creation.reserve(tx, caller, wanted));
    // If the outcome is unknown, the call may be repeated: custody does it once.
    const made = await this.custody.answer((client) =>
      client.create({ callId: walletId, walletId }, wanted.environment === 'test' ? 'test' : 'production'),
    );
    const isNew = await this.database.transaction((tx) =>
      this.creation.finish(tx, caller, wanted, walletId, made),
    );
    return { wallet: await this.wallets.get(caller, walletId), isNew };
  }

  /** Finds the wallet that `create` would return for a compatible API, if the session sees it. */
  async find(caller: Principal, chain: EmbeddedChain): Promise<OwnWallet | null> {
    const walletId = await this.database.read(async (manager) =>
      this.embedded.findOf(manager, await this.wantedBy(manager, caller, chain, 'compat')),
    );
    return walletId === null ? null : this.wallets.find(caller, walletId);
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
