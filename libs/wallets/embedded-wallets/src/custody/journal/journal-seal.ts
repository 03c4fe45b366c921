import { Injectable } from '@nestjs/common';
import { AuditService, operator } from '@countersign/audit';
import { Clock, Configuration, DAY, Logger, Metrics } from '@countersign/runtime';
import {
  JOURNAL_START,
  Refused,
  signedWithoutAct,
  type Act,
  type JournalPosition,
} from '@countersign/custody-protocol';
import { Database, Recurring } from '@countersign/database';
import { CustodyClient, custodyError } from '../custody-client';
import { callsWithoutAct } from './calls-without-act.repository';
import { custodyEvents } from '../custody-client.feature';

/** @returns null if all entries follow `trusted`; otherwise the first entry that is missing or has another hash */
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

/**
 * Writes the journal's head to the audit trail, each minute in which it changed and once a day. A head must follow the
 * head before it, so the newest head proves all earlier entries. Once a day, all entries are followed.
 */
@Injectable()
@Recurring({ name: 'custody-journal-seal', cron: '* * * * *', everyMinutes: 1 })
export class JournalSeal {
  private isDifferent: boolean | null = null;
  private withoutAct: number | null = null;

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
    metrics.gaugeBy(
      'countersign_custody_signatures_without_act',
      'Signatures in the journal of custody that were not allowed here, as custody has counted them; absent where it compares nothing.',
      'job_name',
      () => (this.withoutAct === null ? {} : { 'custody-journal-seal': this.withoutAct }),
    );
  }

  /** @returns the entry whose hash was written; null if no hash was due */
  async run(): Promise<number | null> {
    if (!this.client.isConfigured) return null;
    const sealed = await this.sealed();
    const { journal: head, comparison } = await this.client.health();
    this.withoutAct = comparison?.withoutAct ?? null;
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

  /**
   * Compares the whole journal with the acts and sends of this database, as custody does each minute.
   * @returns null if there is no custody
   */
  async compare(): Promise<{
    readonly compared: number;
    readonly withoutAct: readonly Act[];
  } | null> {
    if (!this.client.isConfigured) return null;
    const { journal: head } = await this.client.health();
    const withoutAct: Act[] = [];
    let compared = 0;
    for (let position = JOURNAL_START; position.sequence < head.sequence;) {
      const { signed, ...next } = await this.client.followJournal(position, head.sequence);
      if (next.sequence <= position.sequence) throw custodyError('custody.journal_differs');
      const unknown = await this.database.read((manager) => callsWithoutAct(manager, signed));
      withoutAct.push(...(await signedWithoutAct(signed, unknown, (id) => this.isDestroyed(id))));
      compared += signed.length;
      position = next;
    }
    return { compared, withoutAct };
  }

  private async isDestroyed(walletId: string): Promise<boolean> {
    return this.client.describe(walletId).then(
      () => false,
      (error: unknown) => {
        if (error instanceof Refused) return error.code === 'wallet_destroyed';
        throw error;
      },
    );
  }

  /** Lets an operator seal custody's current head after a backup was restored. */
  async accept(reason: string): Promise<JournalPosition> {
    const { journal: head } = await this.client.health();
    await this.write(head, reason);
    return head;
  }

  private async write({ sequence, hash }: JournalPosition, reason: string | null): Promise<void> {
    await this.database.transaction(async (tx) => {
      const actor = reason === null ? 'system' : operator();
      if (reason !== null)
        await this.audit.record(tx, custodyEvents.journalAccepted, { actor, details: { reason } });
      await this.audit.record(tx, custodyEvents.journalSealed, {
        actor,
        details: { entry: String(sequence), hash },
      });
    });
  }

  private async sealed() {
    const from = new Date(this.clock.now().getTime() - this.configuration.auditRetentionDays * DAY);
    const found = await this.database.read((manager) => this.audit.newestSeal(manager, from));
    if (!found) return null;
    const { entry, hash = '' } = found.details as { readonly entry?: string; readonly hash?: string };
    const head = { sequence: Number(entry), hash };
    return { head, at: found.occurredAt };
  }
}
