import { Injectable } from '@nestjs/common';
import { In, IsNull, MoreThan, Not } from 'typeorm';
import { Clock } from '@countersign/runtime';
import { Database, Recurring } from '@countersign/database';
import { WalletEntity } from '@countersign/linked-wallets';
import { AccountEvents } from '@countersign/users';
import { Custody } from '../custody';
import { EmbeddedWalletEntity } from '../store/embedded-wallet.entity';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';
import { WalletActEntity } from '../store/wallet-act.entity';
import { WalletActs } from './wallet-acts.service';
import { embeddedWalletEvents } from '../embedded-wallets.feature';

const BATCH = 1_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Asks custody which words were shown and which ways out were used: the consent page does both, not the API. */
@Injectable()
@Recurring({ name: 'wallet-exports', cron: '* * * * *', everyMinutes: 1 })
export class WalletExports {
  constructor(
    private readonly database: Database,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly walletActs: WalletActs,
    private readonly custody: Custody,
    private readonly events: AccountEvents,
    private readonly clock: Clock,
  ) {}

  /** @returns how many wallets were exported */
  async run(): Promise<number> {
    if (!this.custody.isConfigured) return 0;
    let exported = 0;
    // The loop reads all of them, so that exports that wait for weeks do not hide a way out.
    for (let open = await this.openAfter(FIRST_ID); open.length > 0;) {
      for (const act of open) {
        const state = await this.walletActs.stateOf(act);
        if (state === 'done') exported += await this.note(act);
        else if (state === 'expired')
          await this.database.transaction((tx) => tx.delete(WalletActEntity, { id: act.id }));
      }
      open = await this.openAfter(open.at(-1)?.id ?? '');
    }
    await this.noteWaysOut();
    return exported;
  }

  private openAfter(id: string): Promise<readonly WalletActEntity[]> {
    const where = { kind: In(['export', 'way-out']), doneAt: IsNull(), allowedAt: Not(IsNull()) };
    return this.database.read((manager) =>
      manager.find(WalletActEntity, {
        where: { ...where, id: MoreThan(id) },
        order: { id: 'ASC' },
        take: BATCH,
      }),
    );
  }

  private async noteWaysOut(): Promise<void> {
    for (const { walletId, readyAt } of await this.custody.client.waysOut())
      await this.database.transaction(async (tx) => {
        const wallet = await tx.findOneBy(WalletEntity, { id: walletId });
        if (!wallet || !(await this.embedded.setWayOutReadyAt(tx, walletId, new Date(readyAt)))) return;
        const { userId } = wallet;
        await this.events.add(tx, embeddedWalletEvents.wayOutAsked, userId, { userId, walletId });
      });
  }

  private async note({ id, walletId, kind }: WalletActEntity): Promise<number> {
    return this.database.transaction(async (tx) => {
      const wallet = await tx.findOneBy(WalletEntity, { id: walletId });
      const now = this.clock.now();
      if (!wallet) return 0;
      const { affected } = await tx.update(WalletActEntity, { id, doneAt: IsNull() }, { doneAt: now });
      if (affected !== 1) return 0;
      const { userId } = wallet;
      if (kind === 'way-out') {
        await this.events.add(tx, embeddedWalletEvents.wayOutNamed, userId, { userId, walletId });
        return 0;
      }
      // The first instant stays.
      await tx.update(EmbeddedWalletEntity, { walletId, exportedAt: IsNull() }, { exportedAt: now });
      await this.events.add(tx, embeddedWalletEvents.exported, userId, { userId, walletId });
      return 1;
    });
  }
}
