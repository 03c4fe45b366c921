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

/** A wallet as its person sees it. */
export interface OwnWallet {
  readonly wallet: WalletEntity;
  /** Of a linked wallet. */
  readonly identity: Identity | null;
  /** As `ProvenWallet` has it. */
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

  /** Oldest first. A session that does not reach the account plane sees only the wallet that signed in, and those that its application alone uses. */
  async list(caller: Principal, page: PageQuery): Promise<Page<OwnWallet>> {
    const { limit, afterId } = toKeyset(page);
    const visible = await this.visibleTo(caller);
    const rest = visible.filter(({ wallet: { id } }) => afterId === null || id > afterId).slice(0, limit + 1);
    return toPage(rest, limit, ({ wallet }) => wallet.id);
  }

  /** As `list` shows it; null for one that it does not show. */
  async find(caller: Principal, walletId: string): Promise<OwnWallet | null> {
    return (await this.visibleTo(caller)).find(({ wallet }) => wallet.id === walletId) ?? null;
  }

  /** As `find`. @throws AppError wallet.not_found */
  async get(caller: Principal, walletId: string): Promise<OwnWallet> {
    const found = await this.find(caller, walletId);
    if (!found) throw walletError('wallet.not_found');
    return found;
  }

  /** The EVM wallets that the person connected in the application of the session. All sessions there may see them. */
  async connectedIn({ userId, applicationId }: Principal): Promise<readonly OwnWallet[]> {
    return this.database.read(async (manager) => {
      const found = await this.wallets.listOf(manager, userId);
      const connected = found.filter(({ kind, provider }) => kind === 'connected' && provider === 'ethereum');
      if (connected.length === 0) return [];
      const opened = await this.opened(manager, userId, connected);
      return opened.filter(({ evidence }) => evidence?.applicationIds?.includes(applicationId));
    });
  }

  /** To show and use it: no identity. @throws AppError as `ConnectedWallets.connect` */
  async connect(caller: Principal, door: Door, body: unknown): Promise<LinkedWallet> {
    const { id, isNew } = await this.connected.connect(caller, door, body);
    return { linked: await this.get(caller, id), isNew };
  }

  /**
   * A challenge that a wallet has answered is not lost for a step-up that is missing.
   * @throws AppError as `OwnIdentitiesService.link`
   */
  async link(caller: Principal, door: Door, body: unknown): Promise<LinkedWallet> {
    await this.identities.assertMayLink(caller);
    const { identity, isNew } = await this.identities.link(caller, door, body);
    const visible = await this.visibleTo(caller);
    const linked = visible.find(({ wallet }) => wallet.identityId === identity.identityId);
    // Unlinked again meanwhile.
    if (!linked) throw walletError('wallet.not_found');
    return { linked, isNew };
  }

  /** @throws AppError request.invalid, wallet.not_found, wallet.is_connected, wallet.of_application */
  async change(caller: Principal, walletId: string, patch: WalletPatch): Promise<OwnWallet> {
    const { isPrimary, label } = patch;
    const read = label === undefined ? undefined : readLabel(label);
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      await this.wallets.lockOf(tx, [caller.userId]);
      const wallet = await tx.findOneBy(WalletEntity, { id: walletId });
      if (wallet?.userId !== caller.userId) throw walletError('wallet.not_found');
      const dataKey = await this.users.getDataKey(caller.userId, tx);
      const changed: string[] = [];
      if (isPrimary === true && !wallet.isPrimary) {
        if (wallet.kind === 'connected') throw walletError('wallet.is_connected');
        if (wallet.applicationId !== null) throw walletError('wallet.of_application');
        await this.wallets.setPrimary(tx, wallet);
        changed.push('isPrimary');
      }
      if (read !== undefined && read !== sealedLabel.open(dataKey, walletId, wallet.label)) {
        const sealed = sealedLabel.seal(dataKey, walletId, read);
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

  /**
   * Removes the identity with it, or disconnects it without a step-up.
   * @throws AppError wallet.not_found, wallet.is_embedded, and as `OwnIdentitiesService.unlink`
   */
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
      // A row that a change of another transaction has removed meanwhile.
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

/** The name of a wallet in its normal form. */
function readLabel(input: string | null): string | null {
  if (input === null) return null;
  const text = readText(input, LABEL);
  if (text.ok) return text.value;
  throw invalidField('label', text.code, detailsOfLabel[text.code]);
}
