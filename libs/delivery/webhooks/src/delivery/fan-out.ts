import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database, DatabaseClock } from '@countersign/database';
import { Logger } from '@countersign/observability';
import { FanOutRepository, type Position } from './fan-out.repository';

/** Events of a step, and those of the last transaction. */
const BATCH = 1_000;

interface FanOutStep {
  readonly added: number;
  /** Whether the step was full, so that more is likely. */
  readonly hasMore: boolean;
}

const NOTHING: FanOutStep = { added: 0, hasMore: false };

/**
 * Adds a delivery of each event for each endpoint that asks for it. Events are read in the order of their transactions,
 * up to the oldest one of this database that is open: what commits later has a higher one. One replica at a time does a step; a step
 * that is repeated adds nothing.
 */
@Injectable()
export class FanOut {
  constructor(
    private readonly database: Database,
    private readonly repository: FanOutRepository,
    private readonly clock: DatabaseClock,
    private readonly logger: Logger,
  ) {}

  isDue(): Promise<boolean> {
    return this.database.read((manager) => this.repository.isUnread(manager));
  }

  async step(batch = BATCH): Promise<FanOutStep> {
    const now = await this.clock.now();
    return this.database.transaction(async (tx) => {
      const position = await this.repository.lock(tx);
      if (position === null) return NOTHING;
      return BigInt(position.transaction) > BigInt(position.next)
        ? this.stepOfEarlierCluster(tx, position, batch, now)
        : this.stepOf(tx, position, batch, now);
    });
  }

  /**
   * Finds events with transactions that this cluster has not reached, which a database has that was restored into
   * another cluster. Reads an index over all of them: call it at the start, and rarely.
   */
  async readEarlierCluster(batch = BATCH): Promise<FanOutStep> {
    const now = await this.clock.now();
    return this.database.transaction(async (tx) => {
      const position = await this.repository.lock(tx);
      if (position === null || (await this.repository.lastOfEarlierCluster(tx, position)) === null)
        return NOTHING;
      return this.stepOfEarlierCluster(tx, position, batch, now);
    });
  }

  private async stepOf(tx: EntityManager, position: Position, batch: number, now: Date): Promise<FanOutStep> {
    const { transaction: from, oldestOpen, floor } = position;
    const range = { from, before: oldestOpen, above: floor, upTo: null };
    const read = await this.repository.addDeliveries(tx, range, batch, now);
    const hasMore = read.count >= batch;
    if (read.count > 0 || from === '0')
      await this.repository.move(tx, {
        transaction: hasMore ? after(read.transaction ?? from) : higher(from, oldestOpen),
        sequence: higher(position.sequence, read.sequence),
        floor,
      });
    return { added: read.added, hasMore };
  }

  /**
   * What was not read of the cluster that the database was restored from is complete. Then reading starts anew, with the
   * events that this cluster wrote: their sequences are higher.
   */
  private async stepOfEarlierCluster(
    tx: EntityManager,
    position: Position,
    batch: number,
    now: Date,
  ): Promise<FanOutStep> {
    const { transaction: from, floor } = position;
    const last = await this.repository.lastOfEarlierCluster(tx, position);
    const upTo = higher(BigInt(from) > BigInt(position.next) ? position.sequence : floor, last);
    const range = { from, before: null, above: floor, upTo };
    const read = await this.repository.addDeliveries(tx, range, batch, now);
    if (read.count === 0) {
      this.logger.warn({}, 'events are read anew: the database counts its transactions from another start');
      await this.repository.move(tx, { transaction: '0', sequence: upTo, floor: upTo });
    } else
      await this.repository.move(tx, {
        transaction: after(read.transaction ?? from),
        sequence: higher(position.sequence, read.sequence),
        floor,
      });
    return { added: read.added, hasMore: true };
  }
}

function after(transaction: string): string {
  return String(BigInt(transaction) + 1n);
}

function higher(one: string, other: string | null): string {
  return other !== null && BigInt(other) > BigInt(one) ? other : one;
}
