import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Chains } from '@countersign/chains';
import { WalletKeys } from '@countersign/linked-wallets';
import {
  HasAccountData,
  type AccountData,
  type ObjectedAct,
  type ExportedPerson,
  type ExportSection,
  type Reading,
} from '@countersign/users';
import { toSendResponse } from './dto/act.dto';
import { SendsRepository } from './store/sends.repository';
import { StoredSends } from './store/stored-sends';

const PAGE = 200;

/** Sends move with their wallet, and the database deletes them with it. */
@Injectable()
@HasAccountData('referring')
export class SendsAccountData implements AccountData {
  readonly lost = {
    sends: 'FROM sends JOIN wallets ON wallets.id = sends.wallet_id WHERE wallets.user_id = $1',
  };
  constructor(
    private readonly chains: Chains,
    private readonly keys: WalletKeys,
    private readonly sends: SendsRepository,
    private readonly stored: StoredSends,
  ) {}

  /** Open sends object, but only on chains whose nodes are asked: on others they never end. */
  async objectionsTo(act: ObjectedAct, manager: EntityManager, userId: string): Promise<readonly string[]> {
    if (act !== 'deletion') return [];
    const chainIds = this.chains.list().flatMap(({ id, sending }) => (sending ? [id] : []));
    return this.sends.listOpenOf(manager, userId, chainIds);
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'sends',
        meaning: 'What the person sent from embedded wallets, with the transactions and what became of them.',
        retention: 'Until the account is erased.',
        items: this.items(read, person),
      },
    ];
  }

  private async *items(read: Reading, owner: ExportedPerson): AsyncGenerator<object> {
    const wallets = await read((manager) => this.keys.readOf(manager, owner));
    for (const walletId of wallets.keys())
      for (let afterId: string | null = null; ;) {
        const page = { limit: PAGE, afterId };
        const [found, opened] = await read(async (manager) => {
          const all = await this.sends.list(manager, walletId, page);
          return [all, await this.stored.openEach(manager, all)] as const;
        });
        for (const send of opened) yield { walletId, ...toSendResponse(send) };
        if (found.length < PAGE) break;
        afterId = found.at(-1)?.id ?? null;
      }
  }
}
