import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { toKeyset, toPage, type Page, type PageQuery } from '@countersign/http';
import { OwnWallets, WalletKeys } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { sendError } from '../sending.errors';
import { SendsRepository } from '../store/sends.repository';
import { StoredSends, type StoredSend } from '../store/stored-sends';

/** Sends as their person sees them. */
@Injectable()
export class OwnSends {
  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly sends: SendsRepository,
    private readonly stored: StoredSends,
    private readonly keys: WalletKeys,
  ) {}

  /** Newest first. @throws AppError wallet.not_found */
  async list(caller: Principal, walletId: string, query: PageQuery): Promise<Page<StoredSend>> {
    await this.wallets.get(caller, walletId);
    const { limit, afterId } = toKeyset(query);
    const read = await this.database.read(async (manager) => {
      const found = await this.sends.list(manager, walletId, { limit: limit + 1, afterId });
      return this.stored.open(manager, await this.keys.readOne(manager, walletId), found);
    });
    return toPage(
      read,
      limit,
      ({ send }) => send.id,
      (each) => each,
    );
  }

  /** @throws AppError wallet.not_found, send.not_found */
  async get(caller: Principal, walletId: string, sendId: string): Promise<StoredSend> {
    await this.wallets.get(caller, walletId);
    const found = await this.stored.find(walletId, sendId);
    if (!found) throw sendError('send.not_found');
    return found;
  }
}
