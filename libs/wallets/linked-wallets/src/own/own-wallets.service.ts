import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { OwnIdentitiesService } from '@countersign/account';
import type { Door } from '@countersign/auth';
import { Database } from '@countersign/database';
import { invalidField, textRefusals, toKeyset, toPage, type Page, type PageQuery } from '@countersign/http';
import { AccountAccess, type Principal } from '@countersign/sessions';
import { readText, type TextBounds } from '@countersign/text';
import { UsersService, type Identity } from '@countersign/users';
import type { WalletPatch } from '../dto/wallet.request';
import { WalletRecords } from '../wallet-records';
import { openEvidence, sealedAddress, sealedLabel, type WalletEvidence } from '../store/wallet-sealing';
import { WalletEntity } from '../store/wallet.entity';
import { walletError } from '../wallets.errors';
import { WalletsRepository } from '../store/wallets.repository';
import { ConnectedWallets } from './connected-wallets';

const LABEL: TextBounds = { maxGraphemes: 64, maxBytes: 256 };

const detailsOfLabel = {
  ...textRefusals,
  empty: 'must have something to see; null removes it',
  too_long: 'must not be longer than 64 characters',
};

export interface OwnWallet {
  readonly wallet: WalletEntity;
  /** `null` unless the wallet is linked. */
  readonly identity: Identity | null;
  /** In the form of `ProvenWallet`. */
  readonly address: string;
  readonly label: string | null;
  readonly evidence: WalletEvidence | null;
}

interface LinkedWallet {
  readonly linked: OwnWallet;
  readonly isNew: boolean;
}

@Injectable()
export class OwnWallets {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly wallets: WalletsRepository,
    private readonly identities: OwnIdentitiesService,
    private readonly records: WalletRecords,
    private readonly connected: ConnectedWallets,
    private readonly access: AccountAccess,
  ) {}

  /** Oldest first. A session below the account's level sees the wallet that signed in and its application's wallets. */
  async list(caller: Principal, page: PageQuery): Promise<Page<OwnWallet>> {
    const { limit, afterId } = toKeyset(page);
    const visible = await this.visibleTo(caller);
    const rest = visible.filter(({ wallet: { id } }) => afterId === null || id > afterId).slice(0, limit + 1);
    return toPage(rest, limit, ({ wallet }) => wallet.id);
  }

  /** Null for a wallet that `list` does not show. */
  async find(caller: Principal, walletId: string): Promise<OwnWallet | null> {
    return (await this.visibleTo(caller)).find(({ wallet }) => wallet.id === walletId) ?? null;
  }

  async get(caller: Principal, walletId: string): Promise<OwnWallet> {
    const found = await this.find(caller, walletId);
    if (!found) throw walletError('wallet.not_found');
    return found;
  }

  /** Lists the EVM wallets that the person connected in the session's application. All sessions there see them. */
  async connectedIn({ userId, applicationId }: Principal): Promise<readonly OwnWallet[]> {
    return this.database.read(async (manager) => {
      const found = await this.wallets.listOf(manager, userId);
      const connected = found.filter(({ kind, provider }) => kind === 'connected' && provider === 'ethereum');
      if (connected.length === 0) return [];
      const opened = await this.opened(manager, userId, connected);
      return opened.filter(({ evidence }) => evidence?.applicationIds?.includes(applicationId));
    });
  }

  /** A connected wallet is no identity. */
  async connect(caller: Principal, door: Door, body: unknown): Promise<LinkedWallet> {
    const { id, isNew } = await this.connected.connect(caller, door, body);
    return { linked: await this.get(caller, id), isNew };
  }

  /** Checks the step-up before it uses up the answered challenge. */
  async link(caller: Principal, door: Door, body: unknown): Promise<LinkedWallet> {
    await this.identities.assertMayLink(caller);
    const { identity, isNew } = await this.identities.link(caller, door, body);
    const visible = await this.visibleTo(caller);
    const linked = visible.find(({ wallet }) => wallet.identityId === identity.identityId);
    // It was unlinked meanwhile.
    if (!linked) throw walletError('wallet.not_found');
    return { linked, isNew };
  }

  async change(caller: Principal, walletId: string, patch: WalletPatch): Promise<OwnWallet> {
    const { isPrimary, label } = patch;
    const read = label === undefined ? undefined : readLabel(label);
    await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, caller.userId);
      await this.wallets.lockOf(tx, [user]);
      const wallet = await tx.findOneBy(WalletEntity, { id: walletId });
      if (wallet?.userId !== caller.userId) throw walletError('wallet.not_found');
      const changed: string[] = [];
      if (isPrimary === true && !wallet.isPrimary) {
        if (wallet.kind === 'connected') throw walletError('wallet.is_connected');
        if (wallet.applicationId !== null) throw walletError('wallet.of_application');
        await this.wallets.setPrimary(tx, user, walletId);
        changed.push('isPrimary');
      }
      if (read !== undefined && read !== sealedLabel.open(user.dataKey, walletId, wallet.label)) {
        const sealed = sealedLabel.seal(user.dataKey, walletId, read);
        await tx.update(WalletEntity, { id: walletId }, { label: sealed });
        changed.push('label');
      }
      if (changed.length === 0) return;
      await this.records.record(tx, (await tx.findOneBy(WalletEntity, { id: walletId })) ?? wallet, {
        change: 'changed',
        actor: `session:${caller.sessionId}`,
        applicationId: caller.applicationId,
        fields: changed,
      });
    });
    return this.get(caller, walletId);
  }

  /** Removes a linked wallet with its identity. Disconnecting a connected wallet needs no step-up. */
  async unlink(caller: Principal, walletId: string): Promise<void> {
    const wallet = await this.database.read((manager) => manager.findOneBy(WalletEntity, { id: walletId }));
    if (wallet?.userId !== caller.userId) throw walletError('wallet.not_found');
    if (wallet.kind === 'connected') {
      await this.connected.disconnect(caller, walletId);
      return;
    }
    if (wallet.identityId === null) throw walletError('wallet.is_embedded');
    await this.identities.unlink(caller, wallet.identityId);
  }

  private async visibleTo(caller: Principal): Promise<readonly OwnWallet[]> {
    const isAtLevel = await this.access.isAccountWide(caller);
    return this.database.read(async (manager) => {
      const found = await this.wallets.listOf(manager, caller.userId);
      const visible = isAtLevel ? found : found.filter((wallet) => isOfSession(wallet, caller));
      return visible.length === 0 ? [] : this.opened(manager, caller.userId, visible);
    });
  }

  private async opened(
    manager: EntityManager,
    userId: string,
    wallets: readonly WalletEntity[],
  ): Promise<readonly OwnWallet[]> {
    const dataKey = await this.users.getDataKey(userId, manager);
    const { identities } = await this.users.getById(userId, manager);
    return wallets.flatMap((wallet) => {
      const identity = identities.find(({ id }) => id === wallet.identityId) ?? null;
      const address = identity ? identity.subject : sealedAddress.open(dataKey, wallet.id, wallet.address);
      // Another transaction has removed the identity meanwhile.
      if (address === null) return [];
      const label = sealedLabel.open(dataKey, wallet.id, wallet.label);
      const evidence = openEvidence(dataKey, wallet.id, wallet.evidence);
      return [{ wallet, identity, address, label, evidence }];
    });
  }
}

function isOfSession({ identityId, applicationId }: WalletEntity, caller: Principal): boolean {
  const isStrong = caller.assurance !== 'vendor' && !caller.isOfAllowedBot;
  return identityId === caller.identityId || (isStrong && applicationId === caller.applicationId);
}

function readLabel(input: string | null): string | null {
  if (input === null) return null;
  const text = readText(input, LABEL);
  if (text.ok) return text.value;
  throw invalidField('label', text.code, detailsOfLabel[text.code]);
}
