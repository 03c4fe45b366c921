import { Injectable } from '@nestjs/common';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { ErasureLedger } from '@countersign/ledger';
import { Logger } from '@countersign/observability';
import { SessionEndingsInSteps } from '@countersign/sessions';
import { Erasures, Installation, UsersService } from '@countersign/users';
import { ErasureCompletion } from './erasure-completion';

/** Repeats what a restored database has forgotten: accounts that the ledger knows as erased. */
@Injectable()
export class LedgerReplay {
  private isCompared = false;

  constructor(
    private readonly database: Database,
    private readonly installation: Installation,
    private readonly ledger: ErasureLedger,
    private readonly erasures: Erasures,
    private readonly users: UsersService,
    private readonly completion: ErasureCompletion,
    private readonly endings: SessionEndingsInSteps,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Whether erasures of the ledger are repeated; until then nothing may be served. */
  get isReady(): boolean {
    return this.isCompared || !this.ledger.isStored;
  }

  get isStored(): boolean {
    return this.ledger.isStored;
  }

  /** Erases again what a restored database has, and ends all of its sessions. Can be repeated. @throws LedgerAwayError */
  async run(): Promise<void> {
    const startedAt = this.clock.now();
    let erased = 0;
    for await (const ids of this.ledger.erased())
      for (const userId of await this.erasures.ownersOf(ids)) if (await this.eraseAgain(userId)) erased += 1;
    if (erased > 0) await this.endSessions(erased, startedAt);
    this.isCompared = true;
  }

  /** @returns false for an erasure that has begun here: it goes on by itself, and is no sign of a restore */
  private async eraseAgain(userId: string): Promise<boolean> {
    const now = this.clock.now();
    const isRestored = await this.database.transaction(async (tx) => {
      if (!(await this.users.lockIfThere(tx, userId))) return false;
      if ((await this.erasures.find(userId, tx))?.startedAt) return false;
      await this.erasures.put(tx, {
        userId,
        reason: 'restore',
        assurance: null,
        applicationId: null,
        requestedAt: now,
        eraseAt: now,
        startedAt: now,
      });
      return true;
    });
    if (isRestored) await this.completion.complete(userId, now);
    return isRestored;
  }

  private async endSessions(erased: number, startedAt: Date): Promise<void> {
    this.logger.warn(
      { accounts: erased },
      'the database was restored: erasures are repeated, and all sessions end',
    );
    // Those that another replica has opened since are not of the backup.
    const endedSessions = await this.endings.endOpenedUntil(startedAt);
    await this.database.transaction(async (tx) => {
      await this.audit.record(tx, 'installation.restored', {
        actor: 'system',
        details: { erasedAccounts: String(erased), endedSessions: String(endedSessions) },
      });
      await this.installation.save(tx, { restoredAt: this.clock.now() });
    });
  }
}
