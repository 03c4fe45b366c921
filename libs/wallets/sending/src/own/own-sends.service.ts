import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { startParameterOf } from '@countersign/account';
import { StartLinks, type AppLinkResponse } from '@countersign/applications';
import { Database } from '@countersign/database';
import { sendReadingError } from '@countersign/embedded-wallets';
import { toKeyset, toPage, type Page, type PageQuery } from '@countersign/http';
import { OwnWallets, WalletKeys, walletError, type OpenedWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import type { DecodedActJson } from '@countersign/wallet-acts';
import { readSent, type SentTransaction } from '../evm/read-transaction';
import type { SendEntity, SendVersionEntity } from '../store/send.entities';
import { SendsRepository } from '../store/sends.repository';
import { versionHash } from '../store/version-hash';
import { codeOf } from '../waiting/send-codes';
import type { SendWaitEntity } from '../waiting/send-wait.entity';
import { SendWaitsRepository } from '../waiting/send-waits.repository';
import { sealedOutcome, sealedRaw, sealedSend, type SendOutcome } from '../store/send-sealing';

export interface ReadSend {
  readonly send: SendEntity;
  readonly details: DecodedActJson;
  readonly outcome: SendOutcome | null;
  /** Oldest first. */
  readonly versions: readonly (Pick<SendVersionEntity, 'kind' | 'createdAt'> & { readonly hash: string })[];
  readonly wait: SendWaitEntity | null;
  /** Of one that no launch has named yet; `null` where the caller is of another application. */
  readonly launch: { readonly code: string; readonly links: readonly AppLinkResponse[] } | null;
}

/** Sends as their person sees them. */
@Injectable()
export class OwnSends {
  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly sends: SendsRepository,
    private readonly waits: SendWaitsRepository,
    private readonly links: StartLinks,
    private readonly keys: WalletKeys,
  ) {}

  /** Newest first. @throws AppError wallet.not_found */
  async list(caller: Principal, walletId: string, query: PageQuery): Promise<Page<ReadSend>> {
    await this.wallets.get(caller, walletId);
    const { limit, afterId } = toKeyset(query);
    return this.database.read(async (manager) => {
      const found = await this.sends.list(manager, walletId, { limit: limit + 1, afterId });
      const read = await this.read(manager, caller, walletId, found);
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
      const [read] = send ? await this.read(manager, caller, walletId, [send]) : [];
      if (!read) throw sendReadingError('send.not_found');
      return read;
    });
  }

  /**
   * The newest version of a send on an EVM chain.
   * @throws AppError as `get`, and send.not_found while nothing is signed
   */
  async transaction(caller: Principal, walletId: string, sendId: string): Promise<SentTransaction> {
    const { address } = await this.wallets.get(caller, walletId);
    return this.database.read(async (manager) => {
      const wallet = (await this.keys.read(manager, [walletId])).get(walletId);
      const send = await this.sends.find(manager, walletId, sendId);
      const version = send ? (await this.sends.versionsOf(manager, [sendId])).at(-1) : undefined;
      if (!wallet || !version) throw sendReadingError('send.not_found');
      return readSent(sealedRaw.open(wallet.dataKey, [sendId, version.number], version.raw), address);
    });
  }

  private async read(
    manager: EntityManager,
    { applicationId }: Principal,
    walletId: string,
    found: readonly SendEntity[],
  ): Promise<readonly ReadSend[]> {
    if (found.length === 0) return [];
    const wallet = (await this.keys.read(manager, [walletId])).get(walletId);
    if (!wallet) throw walletError('wallet.not_found');
    const ids = found.map(({ id }) => id);
    const versions = await this.sends.versionsOf(manager, ids);
    const waits = await this.waits.findAll(manager, ids);
    const opened = found.map((send) => openSend(wallet, send, versions, waits));
    return Promise.all(
      opened.map(async (read) => {
        const { send, wait } = read;
        if (!wait?.launchUntil || wait.launchedAt || send.applicationId !== applicationId) return read;
        const code = codeOf('launch', wallet, send.id);
        const links = await this.links.ofApps(applicationId, startParameterOf('send', code));
        return { ...read, launch: { code, links } };
      }),
    );
  }
}

/** @param versions of this send, and of others, as `waits` */
export function openSend(
  { dataKey }: OpenedWallet,
  send: SendEntity,
  versions: readonly SendVersionEntity[],
  waits: readonly SendWaitEntity[],
): ReadSend {
  const own = versions.filter(({ sendId }) => sendId === send.id);
  return {
    send,
    wait: waits.find(({ sendId }) => sendId === send.id) ?? null,
    launch: null,
    details: sealedSend.open(dataKey, send.id, send.details),
    outcome: sealedOutcome.open(dataKey, send.id, send.outcome),
    versions: own.map(({ number, kind, raw, createdAt }) => {
      const opened = sealedRaw.open(dataKey, [send.id, number], raw);
      return { hash: versionHash(send.chainId, opened), kind, createdAt };
    }),
  };
}
