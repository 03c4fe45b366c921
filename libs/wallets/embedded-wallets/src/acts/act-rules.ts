import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountActs, accountError, ActDecisions, RecentMerges, tooLow } from '@countersign/account';
import { ApplicationsService } from '@countersign/applications';
import type { Requester } from '../custody/custody-client';
import { OwnWallets, WalletEntity, walletError, type OwnWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { isAtLeast, UsersService, type LockedUser } from '@countersign/users';
import { isReadable } from '@countersign/wallet-acts';
import { embeddedWalletError } from '../embedded-wallets.errors';
import type { EmbeddedWalletSettings } from '../embedded-wallets.settings';
import { RestoredDatabase } from '../freezing/restored-database';
import { EmbeddedWalletEntity } from '../store/embedded-wallet.entity';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';
import { embeddedWalletOperations, nameOf, type ActDetails, type ActKind } from './acts';
import { embeddedWalletSettings } from '../embedded-wallets.feature';

/** The API whose token a call has. An operator enables a compatible API together with its acts. */
export type TokenOrigin = 'native' | 'compat';

const COMPAT_ACTS = ['sign-message', 'sign-typed-data', 'sign-transaction', 'send'] as const;

@Injectable()
export class WalletAccess {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly wallets: OwnWallets,
  ) {}

  /** A compatible API's acts are always on. */
  async settingsOf(
    applicationId: string,
    { by = 'native', tx }: { readonly by?: TokenOrigin; readonly tx?: EntityManager } = {},
  ): Promise<EmbeddedWalletSettings> {
    const { trust, settings } = tx
      ? await this.applications.getByIdWithin(tx, applicationId)
      : await this.applications.getById(applicationId);
    if (trust !== 'first-party') throw accountError('account.first_party_only');
    const embeddedWallets = embeddedWalletSettings.of(settings);
    if (by === 'compat') return { ...embeddedWallets, acts: [...embeddedWallets.acts, ...COMPAT_ACTS] };
    if (!embeddedWallets.enabled) throw embeddedWalletError('wallet.embedded_off');
    return embeddedWallets;
  }

  async assertAllowed(
    applicationId: string,
    kind: ActKind,
    details: ActDetails,
    origin: Parameters<WalletAccess['settingsOf']>[1] = {},
  ): Promise<void> {
    const { acts } = await this.settingsOf(applicationId, origin);
    // A signature that moves money, or lets others take it, needs `sign-transaction` too. A send does not.
    const name = nameOf(kind);
    const spends = name !== 'send' && details !== null && details.spends.length > 0;
    if ((name !== null && !acts.includes(name)) || (spends && !acts.includes('sign-transaction')))
      throw embeddedWalletError('wallet.act_not_allowed');
  }

  /** The name is empty if a person could not read it. */
  async requesterOf({ applicationId, sessionId: session }: Principal): Promise<Requester> {
    const { name } = await this.applications.getById(applicationId);
    return { application: isReadable(name) ? name : '', session };
  }

  /** Returns a wallet of any kind. */
  get(caller: Principal, walletId: string): Promise<OwnWallet> {
    return this.wallets.get(caller, walletId);
  }

  async getEmbedded(caller: Principal, walletId: string): Promise<OwnWallet> {
    const own = await this.get(caller, walletId);
    if (own.wallet.kind !== 'embedded') throw embeddedWalletError('wallet.not_embedded');
    return own;
  }
}

@Injectable()
export class ActRules {
  constructor(
    private readonly access: WalletAccess,
    private readonly users: UsersService,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly restored: RestoredDatabase,
    private readonly merges: RecentMerges,
    private readonly decisions: ActDecisions,
    private readonly accountActs: AccountActs,
  ) {}

  /** Checks an act when it is requested and performed. Locks the user and session. Custody checks freezes itself. */
  async assertMay(
    tx: EntityManager,
    caller: Principal,
    { walletId, kind }: { readonly walletId: string; readonly kind: ActKind },
    details: ActDetails,
    by: TokenOrigin = 'native',
  ): Promise<void> {
    const user = await this.users.lock(tx, caller.userId);
    await this.accountActs.lock(tx, user, caller);
    await this.access.assertAllowed(caller.applicationId, kind, details, { by, tx });
    const wallet = await tx.findOneBy(WalletEntity, { id: walletId, userId: caller.userId });
    if (!wallet) throw walletError('wallet.not_found');
    await this.assertAtLevel(tx, caller, walletId, by);
    if (await this.restored.isNew(tx)) throw embeddedWalletError('wallet.acts_stopped');
    await this.assertMayUse(tx, user, caller, walletId);
  }

  /** A wallet of one application works only there. Its compatible API needs the assurance that created the wallet. */
  private async assertAtLevel(
    tx: EntityManager,
    caller: Principal,
    walletId: string,
    by: TokenOrigin,
  ): Promise<void> {
    const state = await tx.findOneBy(EmbeddedWalletEntity, { walletId });
    const { applicationId = null, assurance = 'platform' } = state ?? {};
    if (applicationId !== null && applicationId !== caller.applicationId)
      throw walletError('wallet.not_found');
    if (by === 'native' || applicationId === null)
      return this.decisions.assertAtLevel(caller, embeddedWalletOperations.use, tx);
    if (caller.isOfAllowedBot || !isAtLeast(caller.assurance, assurance)) throw tooLow('bot-token');
  }

  /** Whether the session sees the wallets of the account. */
  async isAccountWide(manager: EntityManager, caller: Principal): Promise<boolean> {
    if (caller.assurance === 'platform') return true;
    return this.decisions.isAtLevel(caller, embeddedWalletOperations.create, manager);
  }

  /** @param applicationId the only application; null for a wallet of the account */
  async assertMayCreate(
    tx: EntityManager,
    user: LockedUser,
    caller: Principal,
    { applicationId }: { readonly applicationId: string | null },
  ): Promise<void> {
    // A separation would leave the wallet with the account that the identity came to.
    await this.assertNotMerged(tx, user, caller);
    if (applicationId === null)
      await this.decisions.assertAtLevel(caller, embeddedWalletOperations.create, tx);
    else if (caller.isOfAllowedBot || !isAtLeast(caller.assurance, 'bot-token')) throw tooLow('bot-token');
  }

  async assertMayUse(
    tx: EntityManager,
    user: LockedUser,
    caller: Principal,
    walletId: string,
  ): Promise<void> {
    if (await this.embedded.isBarred(tx, walletId, caller)) throw walletError('wallet.not_found');
    await this.assertNotMerged(tx, user, caller);
  }

  /** An identity from a merge or link uses no wallets while it can be separated. */
  private async assertNotMerged(
    tx: EntityManager,
    { userId }: LockedUser,
    { identityId }: Principal,
  ): Promise<void> {
    const arrival = await this.merges.arrivalOf(tx, { userId, identityId });
    if (arrival)
      throw embeddedWalletError('wallet.came_by_merge', {
        detail: `The identity of the session came by a merge or a link: it uses wallets from ${arrival.separableUntil.toISOString()} on.`,
      });
  }
}
