import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { afterCommit, Database } from '@countersign/database';
import { ErasureLedger, type LedgerRequest } from '@countersign/ledger';
import { Logger } from '@countersign/observability';
import { AccountEvents } from '../accounts/account-events';
import type { Erasure } from './erasure';
import { ErasuresRepository } from './erasures.repository';
import { userError } from '../user.errors';

/** Requested erasures of accounts. Those who write hold the lock of the user. */
@Injectable()
export class Erasures implements BeforeApplicationShutdown {
  private readonly writing = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly erasures: ErasuresRepository,
    private readonly events: AccountEvents,
    private readonly ledger: ErasureLedger,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** The ledger is closed afterwards. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.settle();
  }

  async find(userId: string, tx?: EntityManager): Promise<Erasure | null> {
    if (tx) return this.erasures.find(tx, userId);
    return this.database.read((manager) => this.erasures.find(manager, userId));
  }

  /** Replaces an earlier one. One that is repeated after a restore has no event. */
  async put(tx: EntityManager, erasure: Erasure): Promise<void> {
    await this.erasures.put(tx, erasure);
    const { userId, reason, eraseAt } = erasure;
    const requests = requestsOf(erasure, await this.idsOf(tx, userId));
    if (requests.length > 0) this.inLedger(tx, () => this.ledger.request(requests));
    if (reason === 'restore') return;
    const data = { userId, erasesAt: eraseAt.toISOString() };
    await this.events.add(tx, 'user.erasure_requested', userId, data);
  }

  async cancel(tx: EntityManager, userId: string): Promise<void> {
    await this.erasures.delete(tx, userId);
    const [ids, at] = [await this.idsOf(tx, userId), this.clock.now()];
    this.inLedger(tx, () => this.ledger.cancel(ids, at));
    await this.events.add(tx, 'user.erasure_cancelled', userId, { userId });
  }

  /** From now on it cannot be cancelled. */
  async start(tx: EntityManager, userId: string, at: Date): Promise<void> {
    await this.erasures.start(tx, userId, at);
  }

  /** Requests of people and operators that have not begun. */
  async listRequested(): Promise<readonly Erasure[]> {
    return this.database.read((manager) => this.erasures.listRequested(manager));
  }

  /** Users whose erasure weaker proofs than the platform's own requested in an application, and has not begun. */
  async listOfWeakProofs(applicationId: string): Promise<readonly string[]> {
    return this.database.read((manager) => this.erasures.listOfWeakProofs(manager, applicationId));
  }

  /** Waits for what this process still writes to the ledger. */
  async settle(): Promise<void> {
    await Promise.all(this.writing);
  }

  async listDue(now: Date, limit: number): Promise<readonly string[]> {
    return this.database.read((manager) => this.erasures.listDue(manager, now, limit));
  }

  /** All ids of an account: its own, and those of accounts that were merged into it. */
  async idsOf(tx: EntityManager, userId: string): Promise<readonly string[]> {
    return this.erasures.idsOf(tx, userId);
  }

  /** Accounts that have one of the ids, as their own or by a merge. */
  async ownersOf(ids: readonly string[]): Promise<readonly string[]> {
    return this.database.read((manager) => this.erasures.ownersOf(manager, ids));
  }

  /** Runs after the commit. If the write fails, the next hourly comparison repeats it. */
  private inLedger(tx: EntityManager, write: () => Promise<void>): void {
    afterCommit(tx, () => {
      const writing = write()
        .catch((error: unknown) => {
          this.logger.warn({ err: error }, 'a request of an erasure waits for the ledger');
        })
        .finally(() => this.writing.delete(writing));
      this.writing.add(writing);
    });
  }
}

/** As the ledger knows an erasure: none that is repeated after a restore. */
export function requestsOf(
  { kind, reason, assurance, requestedAt, eraseAt }: Erasure,
  userIds: readonly string[],
): readonly Omit<LedgerRequest, 'cancelledAt'>[] {
  if (reason !== 'person' && reason !== 'operator') return [];
  return userIds.map((userId) => ({ userId, kind, reason, assurance, requestedAt, eraseAt }));
}

/** The error of a sign-in to an account that is to be erased. */
export function erasurePending({ eraseAt }: Pick<Erasure, 'eraseAt'>): Error {
  return userError('user.erasure_pending', { members: { erasesAt: eraseAt.toISOString() } });
}
