import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Chains } from '@countersign/chains';
import { unlessSealed } from '@countersign/crypto';
import { WalletKeys, type OpenedWallet } from '@countersign/linked-wallets';
import {
  HasAccountData,
  type AccountData,
  type ObjectedAct,
  type ExportedPerson,
  type ExportSection,
  type Reading,
} from '@countersign/users';
import { toSendResponse } from './dto/send.response';
import { openSend } from './own/own-sends.service';
import { SendsRepository } from './store/sends.repository';

const PAGE = 200;
const RETENTION = 'Until the account is erased.';

/** Sends of embedded wallets as data of an account. They move with their wallet, and the database deletes them with it. */
@Injectable()
@HasAccountData('referring')
export class SendsAccountData implements AccountData {
  constructor(
    private readonly chains: Chains,
    private readonly keys: WalletKeys,
    private readonly sends: SendsRepository,
  ) {}

  /** Open sends, on chains whose nodes are asked: others never say what became of one. */
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
        retention: RETENTION,
        items: this.items(read, person, (wallet) => this.sent(read, wallet)),
      },
    ];
  }

  private async *items(
    read: Reading,
    { userId, dataKey }: ExportedPerson,
    itemsOf: (wallet: OpenedWallet) => AsyncGenerator<object>,
  ): AsyncGenerator<object> {
    const wallets = await read((manager) => this.keys.readOf(manager, { userId, dataKey }));
    for (const wallet of wallets.values()) if (wallet) yield* itemsOf(wallet);
  }

  private async *sent(read: Reading, wallet: OpenedWallet): AsyncGenerator<object> {
    const { walletId } = wallet;
    for (let afterId: string | null = null; ;) {
      const page = { limit: PAGE, afterId };
      const [found, versions] = await read(async (manager) => {
        const all = await this.sends.list(manager, walletId, page);
        const ids = all.map(({ id }) => id);
        return [all, await this.sends.versionsOf(manager, ids)] as const;
      });
      for (const send of found) {
        const opened = unlessSealed(() => openSend(wallet, send, versions));
        if (opened) yield { walletId, ...toSendResponse(opened) };
      }
      if (found.length < PAGE) break;
      afterId = found.at(-1)?.id ?? null;
    }
  }
}
