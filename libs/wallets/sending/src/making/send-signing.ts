import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock, Semaphore } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, OneAtATime, unavailable } from '@countersign/database';
import { SendsRepository } from '../store/sends.repository';
import type { ReadAct } from '@countersign/embedded-wallets';

/** Performs the act of a send, or throws. @returns the consent of the person, where custody asks for one */
export type UsesAct = (
  tx: EntityManager,
  read: ReadAct,
) => Promise<{ readonly id: string; readonly consent: string | null }>;

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
    private readonly sends: SendsRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * A few at a time: while custody hangs, the other connections are for other calls. Of one wallet one at a time: its calls take one of
   * these turns. The id of the call to custody is committed first, so that a signature has its row also where this process ends
   * before the version is stored.
   * @throws AppError service.unavailable
   */
  async run<T>(walletId: string, work: (tx: EntityManager, callId: string) => Promise<T>): Promise<T> {
    const limit = AbortSignal.timeout(MAX_WAIT_MS * this.configuration.patience);
    const sign = async (): Promise<T> => {
      const callId = uuidv7();
      const signing = { callId, walletId, requestedAt: this.clock.now() };
      await this.database.transaction((tx) => this.sends.insertSigning(tx, signing));
      return this.database.transaction((tx) => work(tx, callId));
    };
    try {
      return await this.turns.run(walletId, () => this.signers.run(sign, limit));
    } catch (error) {
      throw error === limit.reason ? unavailable(error) : error;
    }
  }
}
