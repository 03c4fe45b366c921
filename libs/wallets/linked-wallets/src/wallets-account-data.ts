import { Injectable } from '@nestjs/common';
import { Not, type EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedRows,
  type Merged,
  type LockedUser,
  type MergePair,
  type Returned,
  type ReturnPair,
} from '@countersign/users';
import { WalletRegister } from './wallet-register';
import { openEvidence, sealedAddress, sealedLabel } from './store/wallet-sealing';
import { WalletEntity } from './store/wallet.entity';
import { WalletsRepository } from './store/wallets.repository';

/** The primary and connected wallets before a merge. Linked wallets return with their identities. */
interface WalletState {
  readonly ofReturning: string | null;
  readonly ofSurvivor: string | null;
  readonly connected: readonly string[];
}

interface SealedWallet extends Pick<WalletEntity, 'address' | 'label' | 'evidence'> {
  readonly walletId: string;
}

@Injectable()
@HasAccountData('others')
export class WalletsAccountData implements AccountData {
  readonly name = 'wallets';
  readonly lost = { connectedWallets: `FROM wallets WHERE user_id = $1 AND kind = 'connected'` };
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'wallets',
      meaning:
        'The wallets of the person, with their names and how they were proven. The address of a linked one is the subject of the identity; a connected one is shown, and does not sign in.',
      retention: 'Until the wallet is unlinked or the account is erased.',
      sql: `SELECT id AS cursor, id AS wallet_id, identity_id, kind, provider, environment, chain_id, address, label, is_primary,
          evidence, linked_at, checked_at, kind = 'linked' AS can_sign_in
        FROM wallets WHERE user_id = $1`,
      itemOf: ({ address, label, evidence, ...wallet }: SealedWallet, { dataKey }) => ({
        ...wallet,
        address: sealedAddress.open(dataKey, wallet.walletId, address),
        label: sealedLabel.open(dataKey, wallet.walletId, label),
        proof: openEvidence(dataKey, wallet.walletId, evidence),
      }),
    },
  ];

  constructor(
    private readonly wallets: WalletsRepository,
    private readonly register: WalletRegister,
  ) {}

  async lock(tx: EntityManager, users: readonly LockedUser[]): Promise<void> {
    await this.wallets.lockOf(tx, users);
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

  /** Connected wallets do not count, because a merge ends the connections that both accounts have. */
  async count(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    return { wallets: await tx.countBy(WalletEntity, { userId, kind: Not('connected') }) };
  }

  async erase(tx: EntityManager, { userId }: LockedUser): Promise<void> {
    await tx.delete(WalletEntity, { userId });
  }
}

function primaryOf(wallets: readonly WalletEntity[]): string | null {
  return wallets.find(({ isPrimary }) => isPrimary)?.id ?? null;
}
