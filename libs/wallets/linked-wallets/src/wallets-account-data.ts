import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type Merged,
  type MergePair,
  type Reading,
  type Returned,
  type ReturnPair,
} from '@countersign/users';
import { WalletRegister } from './wallet-register';
import { openEvidence, sealedAddress, sealedLabel } from './store/wallet-sealing';
import type { WalletEntity } from './store/wallet.entity';
import { WalletsRepository } from './store/wallets.repository';

/** Which wallets were the primary ones, and which were connected. Linked wallets return with their identities. */
interface WalletState {
  readonly ofReturning: string | null;
  readonly ofSurvivor: string | null;
  readonly connected: readonly string[];
}

/** Wallets as data of an account. */
@Injectable()
@HasAccountData('others')
export class WalletsAccountData implements AccountData {
  readonly name = 'wallets';

  constructor(
    private readonly wallets: WalletsRepository,
    private readonly register: WalletRegister,
  ) {}

  async lock(tx: EntityManager, userIds: readonly string[]): Promise<void> {
    await this.wallets.lockOf(tx, userIds);
  }

  async merge(tx: EntityManager, pair: MergePair): Promise<Merged> {
    const [own, former] = [
      await this.wallets.listOf(tx, pair.loser.userId),
      await this.wallets.listOf(tx, pair.survivor.userId),
    ];
    const connected = own.filter(({ kind }) => kind === 'connected').map(({ id }) => id);
    const state: WalletState = { ofReturning: primaryOf(own), ofSurvivor: primaryOf(former), connected };
    await this.register.moveAll(tx, pair);
    return { state };
  }

  async separated(tx: EntityManager, pair: ReturnPair, state: unknown): Promise<Returned> {
    const { connected, ...primary } = state as WalletState;
    await this.register.giveBack(tx, pair, primary, connected);
    return {};
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

function primaryOf(wallets: readonly WalletEntity[]): string | null {
  return wallets.find(({ isPrimary }) => isPrimary)?.id ?? null;
}
