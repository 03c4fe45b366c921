import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Semaphore } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, OneAtATime, unavailable } from '@countersign/database';
import type { ReadySend } from '../ports/send-port';
import { SendsRepository } from '../store/sends.repository';
import { SendWaits } from '../waiting/send-waits';

/** Custody signs one after the other. */
const MAX_SIGNING = 4;
const MAX_WAIT_MS = 10_000;

/** A wallet on a chain. */
interface OnChain {
  readonly walletId: string;
  readonly chainId: string;
}

export interface TakenNonce {
  readonly nonce: number;
  /** Whether the chain has transactions of the wallet that this service does not know. */
  readonly isUsedElsewhere: boolean;
}

/** Transactions in which custody signs what is sent. */
@Injectable()
export class SendSigning {
  private readonly signers = new Semaphore(MAX_SIGNING);
  private readonly turns = new OneAtATime();

  constructor(
    private readonly database: Database,
    private readonly sends: SendsRepository,
    private readonly waits: SendWaits,
    private readonly configuration: Configuration,
  ) {}

  /**
   * A few at a time: while custody hangs, the other connections are for other calls. Of one wallet one at a time: a queue of payments
   * takes one of these turns.
   * @throws AppError service.unavailable
   */
  async run<T>(walletId: string, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const limit = AbortSignal.timeout(MAX_WAIT_MS * this.configuration.patience);
    try {
      return await this.turns.run(walletId, () =>
        this.signers.run(() => this.database.transaction(work), limit),
      );
    } catch (error) {
      throw error === limit.reason ? unavailable(error) : error;
    }
  }

  /**
   * Takes the next nonce of a wallet. A transaction that this service does not know may be what waits: after a restore the database is
   * older than the chain. So nothing that waits is sent then.
   * @throws AppError as `ReadySend.takeNonce`
   */
  async takeNonce(tx: EntityManager, { walletId, chainId }: OnChain, ready: ReadySend): Promise<TakenNonce> {
    const nonces = await this.sends.lockNonces(tx, walletId, chainId);
    const nonce = await ready.takeNonce(tx, nonces);
    const isUsedElsewhere = nonce > Number(nonces.next);
    if (isUsedElsewhere) await this.waits.endAll(tx, { walletId }, 'send.used_elsewhere');
    return { nonce, isUsedElsewhere };
  }
}
