import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { LedgerReplay } from '@countersign/account';
import { Chains, type Chain } from '@countersign/chains';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import {
  EmbeddedWalletsRepository,
  embeddedWalletError,
  WalletFreezing,
} from '@countersign/embedded-wallets';
import { Logger } from '@countersign/observability';
import { nextNonce, NODES_NEEDED } from '@countersign/sends';
import { accept, refusal } from '../evm/quotes';
import { sendError } from '../sending.errors';
import type { SendOriginEntity } from '../store/send.entities';
import { SendOriginsRepository } from '../store/send-origins.repository';
import { SendsRepository } from '../store/sends.repository';
import { SendWaits } from '../waiting/send-waits';

const RETRY_AFTER_SECONDS = 5;
const CLOCK_MARGIN_MS = 60_000;

/**
 * A restored backup has forgotten sends, and the keys by which a repeated call is answered. Until all open sends of a chain
 * were compared with it, nothing is sent there. A wallet that the chain knows more of than the backup is frozen. What waited is not
 * sent: its person may have cancelled it after the backup.
 */
@Injectable()
export class RestoredSends {
  constructor(
    private readonly database: Database,
    private readonly chains: Chains,
    private readonly origins: SendOriginsRepository,
    private readonly sends: SendsRepository,
    private readonly waits: SendWaits,
    private readonly ledger: LedgerReplay,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly freezing: WalletFreezing,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** In the transaction that stores what is sent. @throws AppError send.not_compared */
  async assertCompared(tx: EntityManager, chainId: string): Promise<void> {
    if (!(await this.compared(tx, chainId)))
      throw sendError('send.not_compared', { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }

  /** As `assertCompared`, of a wallet: the database may have been restored after `compareWallet`. @throws AppError send.not_compared */
  async assertWalletCompared(tx: EntityManager, walletId: string, chainId: string): Promise<void> {
    const found = await this.origins.find(tx, chainId);
    if (found?.comparing !== null || !(await this.isWalletCompared(tx, walletId, found)))
      throw sendError('send.not_compared', { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }

  /** Whether open sends of the chain are to be compared with it first. */
  async isStopped(chainId: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (await this.compared(tx, chainId)) return false;
      if (await this.origins.restart(tx, chainId, await this.originNow(tx), this.clock.now()))
        this.logger.warn({ chainId }, 'the database was restored: open sends are compared with the chain');
      return true;
    });
  }

  /** Ends what waits, and lets the chain send again when all of its open sends were looked at. Until then none begins to wait. */
  async finish(chainId: string): Promise<void> {
    if (!(await this.waits.endSomeOn(chainId, 'send.restored'))) return;
    await this.database.transaction(async (tx) => {
      if ((await this.origins.countWaiting(tx, chainId)) > 0) return;
      await this.origins.finish(tx, chainId, await this.originNow(tx));
    });
  }

  /**
   * Compares a wallet with the chain, once after each restore. One of which the chain has more transactions is frozen, until an
   * operator has compared them: a client that repeats the key of a send which the backup does not have would send again.
   *
   * @param counts how many transactions nodes say that the wallet sent
   * @param withPending the same with those that wait
   * @throws AppError send.not_compared, wallet.frozen, send.nonce_unknown
   */
  async compareWallet(
    walletId: string,
    { id: chainId }: Chain,
    counts: readonly number[],
    withPending: () => Promise<readonly number[]>,
  ): Promise<void> {
    const compared = await this.database.read((manager) => this.origins.find(manager, chainId));
    // Whether the database was restored since, the transaction that signs looks up.
    if (!compared?.restoredAt) return;
    if (compared.comparing !== null)
      throw sendError('send.not_compared', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    const { restoredAt, origin } = compared;
    const isCompared = await this.database.read((manager) =>
      this.isWalletCompared(manager, walletId, compared),
    );
    if (isCompared) return;
    const pending = await withPending();
    if (pending.length < NODES_NEEDED) throw refusal({ code: 'send.nonce_unknown' });
    // Read after nodes answered: they may know what another call sends meanwhile.
    const { wallet, own } = await this.database.read(async (manager) => ({
      wallet: await this.embedded.find(manager, walletId),
      own: await this.sends.nextOf(manager, walletId, chainId),
    }));
    const { nonce, isUsedElsewhere } = accept(nextNonce(own, counts, Infinity));
    // Of a wallet that was used elsewhere before, more transactions say nothing, unless it could not send with so many.
    const wasForeign = wallet?.usedElsewhereAt && wallet.usedElsewhereAt < restoredAt;
    const isKnown = wasForeign && nextNonce(own, counts).ok;
    const hasForgotten = !isKnown && (isUsedElsewhere || pending.some((count) => count > own));
    if (hasForgotten) await this.freezing.freezeRestored(walletId);
    await this.database.transaction(async (tx) => {
      const nonces = await this.sends.lockNonces(tx, walletId, chainId);
      if (hasForgotten && Number(nonces.next) < nonce) await this.sends.setNext(tx, nonces, nonce);
      await this.origins.setWalletCompared(tx, nonces, origin);
    });
    if (hasForgotten) throw embeddedWalletError('wallet.frozen');
  }

  /** Chains on which nothing is sent yet. */
  async stopped(): Promise<readonly string[]> {
    const chainIds: string[] = [];
    for (const { id, sending } of this.chains.list())
      if (sending && !(await this.database.transaction((tx) => this.compared(tx, id)))) chainIds.push(id);
    return chainIds;
  }

  /** For readiness: null where all chains may send. */
  async report(): Promise<string | null> {
    const chainIds = await this.stopped();
    return chainIds.length === 0
      ? null
      : `the database was restored, nothing is sent until open sends are compared with ${chainIds.join(', ')}`;
  }

  private async isWalletCompared(
    manager: EntityManager,
    walletId: string,
    origin: SendOriginEntity,
  ): Promise<boolean> {
    const { restoredAt } = origin;
    if (restoredAt === null || (await this.origins.isWalletCompared(manager, walletId, origin))) return true;
    const createdAt = (await this.embedded.find(manager, walletId))?.createdAt;
    // Its first sends are of this database. The clocks of two replicas may differ.
    return createdAt ? createdAt.getTime() > restoredAt.getTime() + CLOCK_MARGIN_MS : false;
  }

  /** Null where open sends of the chain are to be compared. */
  private async compared(tx: EntityManager, chainId: string): Promise<SendOriginEntity | null> {
    const restoredAt = await this.ledger.restoredAt(tx);
    const origin = await this.originOf(tx, restoredAt);
    // A backup from before the first send has no row.
    const found = await this.origins.findOrBegin(tx, chainId, restoredAt ? 'unknown' : origin);
    return found.origin === origin ? found : null;
  }

  private async originNow(manager: EntityManager): Promise<string> {
    return this.originOf(manager, await this.ledger.restoredAt(manager));
  }

  /** A database that the ledger of erasures found to be restored counts as another one. */
  private async originOf(manager: EntityManager, restoredAt: Date | null): Promise<string> {
    return [await this.origins.current(manager), restoredAt?.toISOString() ?? ''].join(' ');
  }
}
