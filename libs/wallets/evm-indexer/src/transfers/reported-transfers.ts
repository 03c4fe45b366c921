import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SealError, sealedJson, type Sealed } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { OpensEvents, Outbox, type EventOpener } from '@countersign/events';
import { WalletKeys, type OpenedWallet } from '@countersign/linked-wallets';
import { AccountEvents } from '@countersign/users';

type Fields = Readonly<Record<string, string>>;

/** By wallet, under its key. */
const sealedTransfer = sealedJson<Fields>('events', 'sealed');

/** Writes and opens the events of transfers. */
@Injectable()
@OpensEvents({ type: 'wallet.transferred' })
export class ReportedTransfers implements EventOpener {
  constructor(
    private readonly database: Database,
    private readonly keys: WalletKeys,
    private readonly outbox: Outbox,
    private readonly events: AccountEvents,
  ) {}

  /** Whether an endpoint asks for them. */
  async areWanted(): Promise<boolean> {
    await this.outbox.prepare();
    return this.database.read((manager) => this.outbox.isWanted(manager, 'wallet.transferred'));
  }

  /** @param asking the applications that ask for them */
  async add(
    tx: EntityManager,
    { walletId, userId, dataKey }: OpenedWallet,
    transfers: readonly Fields[],
    asking: readonly string[],
  ): Promise<void> {
    const used = await this.events.applicationIdsFor(tx, 'wallet.transferred', userId);
    const applicationIds = used?.filter((id) => asking.includes(id)) ?? [];
    if (applicationIds.length === 0) return;
    await this.outbox.add(
      tx,
      'wallet.transferred',
      transfers.map((fields) => ({
        data: { userId, walletId },
        sealed: sealedTransfer.seal(dataKey, walletId, fields),
        applicationIds,
      })),
    );
  }

  /** @returns `null` for a wallet that is unlinked. @throws SealError where its key cannot be opened */
  async open({ walletId = '' }: Fields, sealed: Sealed): Promise<Fields | null> {
    const opened = await this.database.read((manager) => this.keys.read(manager, [walletId]));
    const wallet = opened.get(walletId);
    if (wallet === null) throw new SealError('unknown_key');
    return wallet ? sealedTransfer.open(wallet.dataKey, walletId, sealed) : null;
  }
}
