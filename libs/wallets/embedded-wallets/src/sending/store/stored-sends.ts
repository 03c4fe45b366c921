import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { sealedJson, sealedText, unlessSealed } from '@countersign/crypto';
import { Database } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { OwnWallets, WalletKeys, type OpenedWallet } from '@countersign/linked-wallets';
import { Logger } from '@countersign/runtime';
import type { Principal } from '@countersign/sessions';
import { type DecodedActJson, type MinedVersion, transactionHash } from '@countersign/wallet-acts';
import { readTonExternalMessage, type TonOutcome } from '@countersign/transfers';
import { sendError } from '../sending.errors';
import type { SendEntity, SendVersionEntity, StoredState } from './send.entities';
import { SendsRepository } from './sends.repository';

/** The block of a send, or the transaction of another sender with its nonce. On TON, what became of its message. */
export type SendOutcome = MinedVersion | { readonly by: string } | { readonly outcome: TonOutcome };

export interface SendProgress {
  readonly state: StoredState;
  /** Null while no block has the send. */
  readonly outcome: SendOutcome | null;
}

/** These texts are sealed for one send under the wallet's key. */
export const sealedSend = sealedJson<DecodedActJson>('sends', 'details');
export const sealedOutcome = sealedJson<SendOutcome>('sends', 'outcome');
export const sealedRaw = sealedText('send_versions', 'raw');

export interface StoredSend {
  readonly send: SendEntity;
  readonly wallet: OpenedWallet;
  readonly details: DecodedActJson;
  readonly outcome: SendOutcome | null;
  /** Oldest first. */
  readonly versions: readonly StoredVersion[];
}

interface StoredVersion extends Pick<SendVersionEntity, 'kind' | 'createdAt'> {
  /** `0x` and hex. */
  readonly raw: string;
  /** The hash by which a chain finds it. On TON, the normalised hash of its message. */
  readonly hash: string;
}

@Injectable()
export class StoredSends {
  constructor(
    private readonly database: Database,
    private readonly sends: SendsRepository,
    private readonly wallets: OwnWallets,
    private readonly keys: WalletKeys,
    private readonly logger: Logger,
  ) {}

  async listOf(caller: Principal, walletId: string, page: Keyset): Promise<readonly StoredSend[]> {
    await this.wallets.get(caller, walletId);
    return this.database.read(async (manager) => {
      const found = await this.sends.list(manager, walletId, { ...page, limit: page.limit + 1 });
      return this.open(manager, await this.keys.readOne(manager, walletId), found);
    });
  }

  async getOf(caller: Principal, walletId: string, sendId: string): Promise<StoredSend> {
    await this.wallets.get(caller, walletId);
    return this.get(walletId, sendId);
  }

  async get(walletId: string, sendId: string): Promise<StoredSend> {
    const found = await this.find(walletId, sendId);
    if (!found) throw sendError('send.not_found');
    return found;
  }

  async find(walletId: string, sendId: string): Promise<StoredSend | null> {
    return this.database.read(async (manager) => {
      const send = await this.sends.find(manager, walletId, sendId);
      if (!send) return null;
      const [found = null] = await this.open(manager, await this.keys.readOne(manager, walletId), [send]);
      return found;
    });
  }

  async open(
    manager: EntityManager,
    wallet: OpenedWallet,
    sends: readonly SendEntity[],
  ): Promise<readonly StoredSend[]> {
    const versions = await this.versionsOf(manager, sends);
    return sends.map((send) => openSend(wallet, send, versions));
  }

  /** Leaves out sends whose rows or keys are damaged. */
  async openEach(manager: EntityManager, sends: readonly SendEntity[]): Promise<readonly StoredSend[]> {
    const walletIds = [...new Set(sends.map(({ walletId }) => walletId))];
    const wallets = await this.keys.read(manager, walletIds);
    const versions = await this.versionsOf(manager, sends);
    return sends.flatMap((send) => {
      const wallet = wallets.get(send.walletId);
      const opened = wallet ? unlessSealed(() => openSend(wallet, send, versions)) : null;
      if (!opened) this.logger.warn({ sendId: send.id }, 'a send cannot be read');
      return opened ?? [];
    });
  }

  private versionsOf(
    manager: EntityManager,
    sends: readonly SendEntity[],
  ): Promise<readonly SendVersionEntity[]> {
    return this.sends.versionsOf(
      manager,
      sends.map(({ id }) => id),
    );
  }
}

function openSend(
  wallet: OpenedWallet,
  send: SendEntity,
  versions: readonly SendVersionEntity[],
): StoredSend {
  const { dataKey } = wallet;
  return {
    ...{ send, wallet },
    details: sealedSend.open(dataKey, send.id, send.details),
    outcome: sealedOutcome.open(dataKey, send.id, send.outcome),
    versions: versions
      .filter(({ sendId }) => sendId === send.id)
      .map(({ number, kind, createdAt, ...sealed }) => {
        const raw = sealedRaw.open(dataKey, [send.id, number], sealed.raw);
        return { raw, kind, createdAt, hash: hashOf(send.chainId, raw) };
      }),
  };
}

function hashOf(chainId: string, raw: string): string {
  const bytes = Buffer.from(raw.slice(2), 'hex');
  return chainId.startsWith('ton:') ? readTonExternalMessage(bytes).hash : transactionHash(bytes);
}
