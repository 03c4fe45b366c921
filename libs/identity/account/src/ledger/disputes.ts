import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { LedgerAwayError, type LedgerEntry } from '@countersign/ledger';
import { Logger } from '@countersign/observability';
import { SessionsService } from '@countersign/sessions';
import { Erasures, Installation, UsersService } from '@countersign/users';
import type { Compared } from './ledger-comparison';

/** Identifies the question that an operator answers. */
export type Question = Pick<Compared['installation'], 'id' | 'disputedSince'>;

/** The erasures in the ledger that the database does not know. Disowned erasures are left out. */
export function erasuresIn({
  verified,
  unknown,
}: Pick<Compared, 'verified' | 'unknown'>): readonly LedgerEntry[] {
  const disowned = new Set(verified.map(({ kind, refersTo }) => (kind === 'disowned' ? refersTo : null)));
  return unknown.filter(({ kind, number }) => kind === 'erasure' && !disowned.has(number));
}

/**
 * The time between a start that found unknown entries of the ledger and the operator's answer. Old sessions and proofs are refused by
 * `installation.disputed_since`, which statements read.
 */
@Injectable()
export class Disputes {
  constructor(
    private readonly database: Database,
    private readonly installation: Installation,
    private readonly erasures: Erasures,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Closes the accounts that the ledger says are erased. Can be repeated. @returns the instant of the first time */
  async open(compared: Compared): Promise<Date> {
    const now = this.clock.now();
    const since = await this.database.transaction(async (tx) => {
      const { disputedSince } = await this.installation.lock(tx);
      if (disputedSince) return disputedSince;
      // Wallets stop until an operator has answered.
      await this.installation.save(tx, { disputedSince: now, restoredAt: now });
      await this.sessions.readAllAgain(tx);
      return now;
    });
    for (const { userId } of erasuresIn(compared)) if (userId) await this.close(userId, since);
    return since;
  }

  /** @throws LedgerAwayError where another operator has answered */
  async assertAsked({ id, disputedSince }: Question, tx?: EntityManager): Promise<void> {
    const now = await (tx ? this.installation.lock(tx) : this.installation.read());
    if (now.id !== id || now.disputedSince?.getTime() !== disputedSince?.getTime())
      throw new LedgerAwayError('Another operator has answered meanwhile: run `countersign ledger list`.');
  }

  /** Ends the question with the operator's answer, and opens the accounts that are still closed. @throws LedgerAwayError as `assertAsked` */
  async end(
    tx: EntityManager,
    question: Question,
    answer: Parameters<Installation['save']>[1],
  ): Promise<void> {
    await this.assertAsked(question, tx);
    await this.erasures.openDisputed(tx);
    await this.installation.save(tx, { ...answer, pendingMark: null, disputedSince: null });
    await this.sessions.readAllAgain(tx);
  }

  /** Takes the account's own id only: a merged account may have been separated since. */
  private async close(userId: string, since: Date): Promise<void> {
    const ended = await this.database.transaction(async (tx) => {
      if (!(await this.users.lockIfThere(tx, userId))) {
        if ((await this.users.resolveId(userId, tx)) !== userId)
          this.logger.warn(
            { userId },
            'the ledger names an account that is merged into another one: neither is closed',
          );
        return [];
      }
      await this.erasures.dispute(tx, userId, since);
      // The other sessions are refused already.
      return this.sessions.end(tx, { userId, openedSince: since }, 'erased', { by: 'system' });
    });
    this.sessions.forget(ended);
  }
}
