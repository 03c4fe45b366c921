import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type MergePair,
  type MergeRecord,
  type MergeSide,
  type AccountDataJournal,
  type Reading,
  type Returned,
  type ReturnPair,
} from '@countersign/users';
import { WalletRegister } from './wallet-register';
import { openEvidence, sealedAddress, sealedLabel } from './store/wallet-sealing';
import { WalletsRepository } from './store/wallets.repository';

/** Which wallet was the primary one, and which were connected. Linked wallets return with their identities. */
interface WalletState {
  readonly primaryId: string | null;
  readonly connected: readonly string[];
}

/** What merges change of wallets. */
@Injectable()
export class WalletsJournal implements AccountDataJournal<WalletState> {
  readonly name = 'wallets';

  constructor(
    private readonly wallets: WalletsRepository,
    private readonly register: WalletRegister,
  ) {}

  async recall(tx: EntityManager, { userId }: MergeSide): Promise<WalletState> {
    const own = await this.wallets.listOf(tx, userId);
    return {
      primaryId: own.find(({ isPrimary }) => isPrimary)?.id ?? null,
      connected: own.filter(({ kind }) => kind === 'connected').map(({ id }) => id),
    };
  }

  async giveBack(
    tx: EntityManager,
    pair: ReturnPair,
    { loser, survivor }: MergeRecord<WalletState>,
  ): Promise<Returned> {
    const primary = { ofReturning: loser.primaryId, ofSurvivor: survivor.primaryId };
    await this.register.giveBack(tx, pair, primary, loser.connected);
    return {};
  }
}

/** Wallets as data of an account. */
@Injectable()
@HasAccountData('others')
export class WalletsAccountData implements AccountData {
  constructor(
    readonly journal: WalletsJournal,
    private readonly wallets: WalletsRepository,
    private readonly register: WalletRegister,
  ) {}

  async lock(tx: EntityManager, userIds: readonly string[]): Promise<void> {
    await this.wallets.lockOf(tx, userIds);
  }

  /** @returns no sessions: none ends */
  async merge(tx: EntityManager, pair: MergePair): Promise<readonly string[]> {
    await this.register.moveAll(tx, pair);
    return [];
  }

  async count(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    return this.wallets.countOf(tx, userId);
  }

  async erase(tx: EntityManager, userId: string): Promise<void> {
    await this.wallets.deleteOf(tx, userId);
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'wallets',
        meaning:
          'The wallets of the person, with their names and how they were proven. The address of a linked one is the subject of the identity; a connected one is shown, and does not sign in.',
        retention: 'Until the wallet is unlinked or the account is erased.',
        items: this.exported(read, person),
      },
    ];
  }

  private async *exported(read: Reading, { userId, dataKey }: ExportedPerson): AsyncGenerator<object> {
    for (const wallet of await read((manager) => this.wallets.listOf(manager, userId))) {
      const { id: walletId, identityId, kind, provider, environment, chainId, isPrimary } = wallet;
      const proof = openEvidence(dataKey, walletId, wallet.evidence);
      yield {
        ...{ walletId, identityId, kind, provider, environment, chainId },
        address: sealedAddress.open(dataKey, walletId, wallet.address),
        label: sealedLabel.open(dataKey, walletId, wallet.label),
        isPrimary,
        proof,
        linkedAt: wallet.linkedAt.toISOString(),
        checkedAt: wallet.checkedAt.toISOString(),
        canSignIn: kind === 'linked',
        ownersChangedAt: wallet.ownersChangedAt?.toISOString() ?? null,
      };
    }
  }
}
