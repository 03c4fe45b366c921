import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import { toKeyset, toPage, type Page, type PageQuery } from '@countersign/http';
import { OwnWallets, WalletKeys, type OpenedWallet } from '@countersign/linked-wallets';
import { transactionHash } from '@countersign/sends';
import type { Principal } from '@countersign/sessions';
import { readTonExternalMessage } from '@countersign/ton-sends';
import type { DecodedActJson } from '@countersign/wallet-acts';
import { sendError } from '../sending.errors';
import { readSent, type SentTransaction } from '../evm/read-transaction';
import type { SendEntity, SendVersionEntity } from '../store/send.entities';
import { SendsRepository } from '../store/sends.repository';
import { sealedOutcome, sealedRaw, sealedSend, type SendOutcome } from '../store/send-sealing';

export interface ReadSend {
  readonly send: SendEntity;
  readonly details: DecodedActJson;
  readonly outcome: SendOutcome | null;
  /** Oldest first. */
  readonly versions: readonly (Pick<SendVersionEntity, 'kind' | 'createdAt'> & { readonly hash: string })[];
}

/** Sends as their person sees them. */
@Injectable()
export class OwnSends {
  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly sends: SendsRepository,
    private readonly keys: WalletKeys,
  ) {}

  /** Newest first. @throws AppError wallet.not_found */
  async list(caller: Principal, walletId: string, query: PageQuery): Promise<Page<ReadSend>> {
    await this.wallets.get(caller, walletId);
    const { limit, afterId } = toKeyset(query);
    return this.database.read(async (manager) => {
      const found = await this.sends.list(manager, walletId, { limit: limit + 1, afterId });
      const read = await this.read(manager, walletId, found);
      return toPage(
        read,
        limit,
        ({ send }) => send.id,
        (each) => each,
      );
    });
  }

  /** @throws AppError wallet.not_found, send.not_found */
  async get(caller: Principal, walletId: string, sendId: string): Promise<ReadSend> {
    await this.wallets.get(caller, walletId);
    return this.database.read(async (manager) => {
      const send = await this.sends.find(manager, walletId, sendId);
      const [read] = send ? await this.read(manager, walletId, [send]) : [];
      if (!read) throw sendError('send.not_found');
      return read;
    });
  }

  /**
   * The newest version of a send on an EVM chain.
   * @throws AppError as `get`
   */
  async transaction(caller: Principal, walletId: string, sendId: string): Promise<SentTransaction> {
    const { address } = await this.wallets.get(caller, walletId);
    return this.database.read(async (manager) => {
      const wallet = (await this.keys.read(manager, [walletId])).get(walletId);
      const send = await this.sends.find(manager, walletId, sendId);
      const version = send ? (await this.sends.versionsOf(manager, [sendId])).at(-1) : undefined;
      if (!wallet || !version) throw sendError('send.not_found');
      return readSent(sealedRaw.open(wallet.dataKey, [sendId, version.number], version.raw), address);
    });
  }

  private async read(
    manager: EntityManager,
    walletId: string,
    found: readonly SendEntity[],
  ): Promise<readonly ReadSend[]> {
    if (found.length === 0) return [];
    const wallet = await this.keys.readOne(manager, walletId);
    const ids = found.map(({ id }) => id);
    const versions = await this.sends.versionsOf(manager, ids);
    return found.map((send) => openSend(wallet, send, versions));
  }
}

/** @param versions of this send, and of others */
export function openSend(
  { dataKey }: OpenedWallet,
  send: SendEntity,
  versions: readonly SendVersionEntity[],
): ReadSend {
  const own = versions.filter(({ sendId }) => sendId === send.id);
  return {
    send,
    details: sealedSend.open(dataKey, send.id, send.details),
    outcome: sealedOutcome.open(dataKey, send.id, send.outcome),
    versions: own.map(({ number, kind, raw, createdAt }) => {
      const opened = sealedRaw.open(dataKey, [send.id, number], raw);
      return { hash: versionHash(send.chainId, opened), kind, createdAt };
    }),
  };
}

/** The hash by which a chain finds a version: of TON that of its message, normalised. @param raw `0x` and hex */
function versionHash(chainId: string, raw: string): string {
  const bytes = Buffer.from(raw.slice(2), 'hex');
  return chainId.startsWith('ton:') ? readTonExternalMessage(bytes).hash : transactionHash(bytes);
}
