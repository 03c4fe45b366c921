import { Injectable } from '@nestjs/common';
import { AuditService, operator } from '@countersign/audit';
import { Clock, DAY } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import type { JournalPosition } from '@countersign/custody-protocol';
import { Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { Logger, Metrics } from '@countersign/observability';
import { CustodyClient, custodyError } from '../custody-client';

const JOURNAL_START: JournalPosition = { sequence: 0, hash: '0'.repeat(64) };

/**
 * Follows the entries of custody's journal from one that is trusted, through others, in their order.
 *
 * @returns null where all are there; otherwise the first entry that is missing or has another hash
 */
async function differenceIn(
  client: CustodyClient,
  trusted: JournalPosition,
  through: readonly JournalPosition[],
): Promise<number | null> {
  let position = trusted;
  for (const wanted of through) {
    while (position.sequence < wanted.sequence) {
      const next = await client.followJournal(position, wanted.sequence);
      if (next.sequence <= position.sequence) return position.sequence + 1;
      position = next;
    }
    if (position.sequence !== wanted.sequence || position.hash !== wanted.hash) return wanted.sequence;
  }
  return null;
}

interface SealedHead {
  readonly head: JournalPosition;
  readonly at: Date;
}

/**
 * Writes the head of custody's journal to the audit trail, each minute that it changed and once a day. A head is written
 * only if its entries follow the head before it: so the newest one vouches for all earlier entries. Once a day all
 * entries are followed.
 */
@Injectable()
@Recurring({ name: 'custody-journal-seal', cron: '* * * * *', everyMinutes: 1 })
export class JournalSeal {
  /** Of the last run here; null before it. */
  private isDifferent: boolean | null = null;

  constructor(
    private readonly client: CustodyClient,
    private readonly database: Database,
    private readonly audit: AuditService,
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
   * @throws AppError wallet.custody_unavailable, custody.journal_differs
   */
  async run(): Promise<number | null> {
    if (!this.client.isConfigured) return null;
    const sealed = await this.sealed();
    const { journal: head } = await this.client.health();
    const isDue = !sealed || this.clock.now().getTime() - sealed.at.getTime() >= DAY;
    const difference = isDue
      ? await differenceIn(this.client, JOURNAL_START, [...(sealed ? [sealed.head] : []), head])
      : await differenceIn(this.client, sealed.head, [head]);
    this.isDifferent = difference !== null;
    if (difference !== null) {
      this.logger.error(
        { code: 'journal_differs', entry: difference },
        'the journal of custody is not the one that the audit trail sealed: its head is not sealed',
      );
      throw custodyError('custody.journal_differs');
    }
    if (!isDue && sealed.head.sequence === head.sequence) return null;
    await this.write(head, null);
    return head.sequence;
  }

  /** Seals the head that custody has now, by an operator: a backup was restored. */
  async accept(reason: string): Promise<JournalPosition> {
    const { journal: head } = await this.client.health();
    await this.write(head, reason);
    return head;
  }

  private async write({ sequence, hash }: JournalPosition, reason: string | null): Promise<void> {
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
    const found = await this.database.read((manager) =>
      this.audit.newest(manager, 'custody.journal_sealed', from),
    );
    if (!found) return null;
    const { entry, hash = '' } = found.details as { readonly entry?: string; readonly hash?: string };
    const head = { sequence: Number(entry), hash };
    return { head, at: found.occurredAt };
  }
}
