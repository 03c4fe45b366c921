import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Chains } from '@countersign/chains';
import { unlessSealed } from '@countersign/crypto';
import { WalletKeys, type OpenedWallet } from '@countersign/linked-wallets';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type MergePair,
  type Reading,
} from '@countersign/users';
import { toSendResponse } from './dto/send.response';
import { toRecipient } from './dto/wallet-limits.dto';
import { sealedLimits, sealedRecipient } from './limits/limits-sealing';
import type { SendRecipientEntity } from './limits/limits.entities';
import { LimitsRepository } from './limits/limits.repository';
import { openSend } from './own/own-sends.service';
import { SendsRepository } from './store/sends.repository';
import { SendWaits } from './waiting/send-waits';
import { SendWaitsRepository } from './waiting/send-waits.repository';

const PAGE = 200;
const RETENTION = 'Until the account is erased.';

/** Sends of embedded wallets, with their limits and recipients, as data of an account. They go with their wallet, and move with it. */
@Injectable()
@HasAccountData('sends')
export class SendsAccountData implements AccountData {
  constructor(
    private readonly chains: Chains,
    private readonly keys: WalletKeys,
    private readonly sends: SendsRepository,
    private readonly limits: LimitsRepository,
    private readonly waits: SendWaitsRepository,
    private readonly waiting: SendWaits,
  ) {}

  /**
   * A merge wraps the keys of wallets again. What waits at either account is not sent: another person may have asked for the merge.
   * @returns no sessions: none ends
   */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<readonly string[]> {
    const userIds = [survivor.userId, loser.userId];
    await this.waiting.endAll(tx, { userIds }, 'wallet.came_by_merge');
    return [];
  }

  count(): Promise<Record<string, number>> {
    return Promise.resolve({});
  }

  /** On chains whose nodes are asked: others never say what became of a send. */
  async hasOpenSends(manager: EntityManager, userId: string): Promise<boolean> {
    const chainIds = this.chains.list().flatMap(({ id, sending }) => (sending ? [id] : []));
    return this.sends.hasOpen(manager, userId, chainIds);
  }

  /** The database deletes them with their wallet. */
  erase(): Promise<void> {
    return Promise.resolve();
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'sends',
        meaning: 'What the person sent from embedded wallets, with the transactions and what became of them.',
        retention: RETENTION,
        items: this.exported(read, person, (wallet) => this.sent(read, wallet)),
      },
      {
        name: 'walletSendLimits',
        meaning: 'Limits that the person set for what embedded wallets send.',
        retention: RETENTION,
        items: this.exported(read, person, (wallet) => this.limited(read, wallet)),
      },
      {
        name: 'sendRecipients',
        meaning: 'Addresses that the person sent to from embedded wallets, or wanted to.',
        retention: 'Until the person removes the address, or the account is erased.',
        items: this.exported(read, person, (wallet) => this.known(read, wallet)),
      },
    ];
  }

  /** An embedded wallet is of no identity: an export within one has none. */
  private async *exported(
    read: Reading,
    { userId, dataKey, within }: ExportedPerson,
    itemsOf: (wallet: OpenedWallet) => AsyncGenerator<object>,
  ): AsyncGenerator<object> {
    if (within) return;
    const wallets = await read((manager) => this.keys.readOf(manager, { userId, dataKey }));
    for (const wallet of wallets.values()) if (wallet) yield* itemsOf(wallet);
  }

  private async *sent(read: Reading, wallet: OpenedWallet): AsyncGenerator<object> {
    const { walletId } = wallet;
    for (let afterId: string | null = null; ;) {
      const page = { limit: PAGE, afterId };
      const [found, versions, waits] = await read(async (manager) => {
        const all = await this.sends.list(manager, walletId, page);
        const ids = all.map(({ id }) => id);
        const of = await this.waits.findAll(manager, ids);
        return [all, await this.sends.versionsOf(manager, ids), of] as const;
      });
      for (const send of found) {
        const opened = unlessSealed(() => openSend(wallet, send, versions, waits));
        if (!opened) continue;
        const { launch: _, ...shown } = toSendResponse(opened);
        yield { walletId, ...shown };
      }
      if (found.length < PAGE) break;
      afterId = found.at(-1)?.id ?? null;
    }
  }

  private async *limited(read: Reading, { walletId, dataKey }: OpenedWallet): AsyncGenerator<object> {
    const found = await read((manager) => this.limits.findLimits(manager, walletId));
    const limits = found && unlessSealed(() => sealedLimits.open(dataKey, walletId, found.limits));
    if (limits) yield { walletId, ...limits };
  }

  private async *known(read: Reading, { walletId, dataKey }: OpenedWallet): AsyncGenerator<object> {
    for (let afterId: string | null = null; ;) {
      const page = { limit: PAGE, afterId };
      const found: readonly SendRecipientEntity[] = await read((manager) =>
        this.limits.listRecipients(manager, walletId, page),
      );
      for (const { id, recipient: sealed, knownSince } of found) {
        const recipient = unlessSealed(() => sealedRecipient.open(dataKey, id, sealed));
        if (recipient) yield { walletId, ...toRecipient({ id, knownSince, ...recipient }) };
      }
      if (found.length < PAGE) break;
      afterId = found.at(-1)?.id ?? null;
    }
  }
}
