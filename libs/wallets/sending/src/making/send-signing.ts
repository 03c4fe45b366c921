import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Semaphore } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, OneAtATime, unavailable } from '@countersign/database';

/** Custody signs one after the other. */
const MAX_SIGNING = 4;
const MAX_WAIT_MS = 10_000;

/** Transactions in which custody signs what is sent. */
@Injectable()
export class SendSigning {
  private readonly signers = new Semaphore(MAX_SIGNING);
  private readonly turns = new OneAtATime();

  constructor(
    private readonly database: Database,
    private readonly configuration: Configuration,
  ) {}

  /**
   * A few at a time: while custody hangs, the other connections are for other calls. Of one wallet one at a time: its calls take one of
   * these turns.
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
}
