import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor } from '@countersign/audit';
import { DAY } from '@countersign/runtime';
import { AgreedClock, Database, Recurring } from '@countersign/database';
import { LedgerAwayError } from '@countersign/ledger';
import { AccountEvents, Erasures, Installation, UsersService } from '@countersign/users';
import { AccountDataOfModules } from '../account-data-of-modules';
import { LedgerComparison } from '../ledger/ledger-comparison';
import { accountEvents } from '../account.feature';

/** An erasure waits at most this long for objections of modules. */
const MAX_WAIT_DAYS = 7;

/** Erases the accounts whose time has come. Every step can be repeated: after a crash, the next run does the rest. */
@Injectable()
@Recurring({
  name: 'erasure-upkeep',
  cron: '*/5 * * * *',
  everyMinutes: 5,
  removes: { 'users and identities': 'until erased: `ERASURE_DAYS` (7) after the request' },
})
export class ErasureCompletion {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly erasures: Erasures,
    private readonly accountData: AccountDataOfModules,
    private readonly ledger: LedgerComparison,
    private readonly installation: Installation,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly clock: AgreedClock,
  ) {}

  /** @returns the number of erased accounts */
  async run(): Promise<number> {
    return this.completeDue(await this.clock.now());
  }

  /** A failure of one account does not stop the others. @throws LedgerAwayError at once; another error at the end */
  async completeDue(now: Date): Promise<number> {
    let total = 0;
    let failure: Error | null = null;
    for await (const userId of this.erasures.due(now))
      try {
        if (await this.complete(userId, now)) total += 1;
      } catch (error) {
        if (error instanceof LedgerAwayError || !(error instanceof Error)) throw error;
        failure = error;
      }
    if (failure) throw failure;
    return total;
  }

  /**
   * Erases one account whose time has come.
   * 1. Marks it in the database: from now on it cannot be cancelled.
   * 2. Writes its ids to the ledger.
   * 3. Deletes the data in one transaction.
   * @returns false when it was cancelled meanwhile, or a module objects
   * @throws LedgerAwayError
   */
  async complete(userId: string, now: Date): Promise<boolean> {
    await this.ledger.assertFine();
    const ids = await this.start(userId, now);
    if (!ids) return false;
    const number = await this.ledger.write(ids.map((id) => ({ kind: 'erasure', userId: id })));
    await this.destroy(userId, (tx) => this.installation.noteLedger(tx, number));
    return true;
  }

  private async start(userId: string, now: Date): Promise<readonly string[] | null> {
    return this.database.transaction(async (tx) => {
      const user = await this.users.lockIfThere(tx, userId);
      if (!user) return null;
      const erasure = await this.erasures.find(userId, tx);
      if (!erasure || erasure.eraseAt > now || erasure.isDisputed) return null;
      if (erasure.startedAt === null) {
        const isWaitOver = now.getTime() - erasure.eraseAt.getTime() >= MAX_WAIT_DAYS * DAY;
        if (!isWaitOver && (await this.accountData.objectionsTo('deletion', tx, userId)).length > 0)
          return null;
        await this.erasures.start(tx, user, now);
      }
      return this.erasures.idsOf(tx, userId);
    });
  }

  /** @param because locks the installation; throws if there must be no erasure @returns false if the account is gone */
  async destroy(userId: string, because: (tx: EntityManager) => Promise<void>): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const user = await this.users.lockIfThere(tx, userId);
      if (!user) return false;
      const erasure = await this.erasures.find(userId, tx);
      const applicationIds = await this.events.of(userId)(tx);
      await this.accountData.erase(tx, user);
      await this.audit.record(tx, accountEvents.userErased, {
        actor: 'system',
        subject: personActor(user.auditPseudonym),
        details: erasure ? { reason: erasure.reason } : {},
        event: { userId },
        applicationIds,
      });
      await because(tx);
      return true;
    });
  }
}
