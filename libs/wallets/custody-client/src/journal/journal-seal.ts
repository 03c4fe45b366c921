import { Injectable } from '@nestjs/common';
import {
  AuditService,
  HasSealedJournal,
  NewestRecords,
  operator,
  type JournalComparison,
  type SealedJournal,
} from '@countersign/audit';
import { Clock, DAY } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import type { JournalPosition } from '@countersign/custody-protocol';
import { Database } from '@countersign/database';
import { AppError } from '@countersign/errors';
import { Recurring } from '@countersign/jobs';
import { Logger, Metrics } from '@countersign/observability';
import { CustodyClient, custodyError, CustodyRefused } from '../custody-client';
import { differenceIn, JOURNAL_START } from './journal-walk';

interface SealedHead {
  readonly head: JournalPosition;
  readonly at: Date;
  /** Whether this service wrote its record. */
  readonly isGenuine: boolean;
}

/**
 * Writes the head of custody's journal to the audit trail, each minute that it changed and once a day. A head is written
 * only if its entries follow the head before it: so the newest one vouches for all earlier entries.
 */
@Injectable()
@HasSealedJournal()
@Recurring({ name: 'custody-journal-seal', cron: '* * * * *', everyMinutes: 1 })
export class JournalSeal implements SealedJournal {
  /** Of the last run here; null before it. */
  private isDifferent: boolean | null = null;

  constructor(
    private readonly client: CustodyClient,
    private readonly database: Database,
    private readonly audit: AuditService,
    private readonly newest: NewestRecords,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    metrics.gaugeBy(
      'countersign_custody_journal_differs',
      'Whether the journal of custody was not the sealed one, at the last run here; absent before the first.',
      'job_name',
      () => (this.isDifferent === null ? {} : { 'custody-journal-seal': Number(this.isDifferent) }),
    );
  }

  /**
   * @returns the entry whose hash was written; null where none had to be
   * @throws AppError wallet.custody_unavailable, custody.journal_differs: then readiness reports the job as overdue
   */
  async run(): Promise<number | null> {
    if (!this.client.isConfigured) return null;
    const sealed = await this.sealed();
    const { journal: head } = await this.client.health();
    const difference = await this.differenceFrom(sealed, [head]);
    this.isDifferent = difference !== null;
    if (difference !== null) {
      this.logger.error(
        { code: 'journal_differs', entry: difference },
        'the journal of custody is not the one that the audit trail sealed: its head is not sealed',
      );
      throw custodyError('custody.journal_differs');
    }
    const isSealed = sealed?.head.sequence === head.sequence;
    if (isSealed && this.clock.now().getTime() - sealed.at.getTime() < DAY) return null;
    await this.write(head, null);
    return head.sequence;
  }

  /** Follows all entries, through the newest head that is sealed. */
  async compare(): Promise<JournalComparison> {
    const sealed = await this.sealed();
    if (!this.client.isConfigured) return { answer: sealed ? 'away' : 'none', entry: null };
    try {
      const { journal: head } = await this.client.health();
      const entry =
        sealed?.isGenuine === false
          ? sealed.head.sequence
          : await differenceIn(this.client, JOURNAL_START, [...(sealed ? [sealed.head] : []), head]);
      return { answer: entry === null ? (sealed ? 'matches' : 'new') : 'differs', entry };
    } catch (error) {
      // A process of an earlier version does not know the call.
      if (!(error instanceof AppError || error instanceof CustodyRefused)) throw error;
      return { answer: 'away', entry: null };
    }
  }

  /** Seals the head that custody has now, by an operator: a backup was restored. */
  async accept(reason: string): Promise<JournalPosition> {
    const { journal: head } = await this.client.health();
    await this.write(head, reason);
    return head;
  }

  private async differenceFrom(
    sealed: SealedHead | null,
    through: readonly JournalPosition[],
  ): Promise<number | null> {
    if (sealed?.isGenuine === false) return sealed.head.sequence;
    return differenceIn(this.client, sealed?.head ?? JOURNAL_START, through);
  }

  private async write({ sequence, hash }: JournalPosition, reason: string | null): Promise<void> {
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      const actor = reason === null ? 'system' : operator();
      if (reason !== null)
        await this.audit.record(tx, 'custody.journal_accepted', { actor, details: { reason } });
      await this.audit.record(tx, 'custody.journal_sealed', {
        actor,
        details: { entry: String(sequence), hash },
      });
    });
  }

  private async sealed(): Promise<SealedHead | null> {
    const from = new Date(this.clock.now().getTime() - this.configuration.auditRetentionDays * DAY);
    const found = await this.newest.find('custody.journal_sealed', from);
    if (!found) return null;
    const { entry, hash = '' } = found.record.details as { readonly entry?: string; readonly hash?: string };
    const head = { sequence: Number(entry), hash };
    return { head, at: found.record.occurredAt, isGenuine: found.isGenuine };
  }
}
