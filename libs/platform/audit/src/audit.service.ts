import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/runtime';
import { afterCommit, together } from '@countersign/database';
import { isPublic, type AuditedEvent, type EventData, type PublicEvent } from './events/event';
import { Outbox, type NewEvent } from './events/outbox';
import { DailyCounters } from './counters/daily-counters';
import {
  AuditRepository,
  type AuditQuery,
  type AuditRow,
  type ListedRecord,
} from './records/audit.repository';
import { actingRequest, operator } from './operator';

export interface AuditRecord {
  /** `operator()`, `system`, `session:<id>`, or `user:<audit pseudonym>`. */
  readonly actor: string;
  readonly subject?: string;
  readonly applicationId?: string;
  /** The request that caused the event; by default the acting operator's request. */
  readonly requestId?: string;
  /** Ids and words of closed sets only: never a personal field, a token or a person's free text. */
  readonly details?: Record<string, string>;
}

/** A record of an event. Webhooks deliver the data of a public event to services. */
export type EventRecord<E extends AuditedEvent> = AuditRecord &
  (E extends PublicEvent
    ? {
        readonly event?: EventData<E>;
        /** By default the record's application, else the installation. A function runs only for a subscriber. */
        readonly applicationIds?: readonly string[] | ((tx: EntityManager) => Promise<readonly string[]>);
      }
    : unknown);

/** Writes audit records and public events, inside the transaction that makes the change. */
@Injectable()
export class AuditService {
  constructor(
    private readonly repository: AuditRepository,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly counters: DailyCounters,
  ) {}

  /** The instant of the oldest stored record; null for an empty trail. */
  async earliest(manager: EntityManager): Promise<Date | null> {
    return this.repository.earliest(manager);
  }

  /** No index covers actor and subject: ask for one day at a time. */
  async list(manager: EntityManager, query: AuditQuery): Promise<readonly ListedRecord[]> {
    return this.repository.list(manager, query);
  }

  /** The newest record of `custody.journal_sealed` since an instant. It has its own index. */
  async newestSeal(manager: EntityManager, from: Date): Promise<ListedRecord | null> {
    return this.repository.newestSeal(manager, from);
  }

  async record<E extends AuditedEvent>(tx: EntityManager, event: E, record: EventRecord<E>): Promise<void> {
    await this.recordAll(tx, event, [record]);
  }

  /** Records an operator's act. */
  async recordByOperator<E extends AuditedEvent>(
    tx: EntityManager,
    event: E,
    record: Omit<EventRecord<E>, 'actor'>,
  ): Promise<void> {
    await this.recordAll(tx, event, [{ ...record, actor: operator() } as EventRecord<E>]);
  }

  async recordAll<E extends AuditedEvent>(
    tx: EntityManager,
    event: E,
    records: readonly EventRecord<E>[],
  ): Promise<void> {
    if (records.length === 0) return;
    const { name: action, isCounted } = event;
    if (isCounted)
      afterCommit(tx, () => {
        for (const { applicationId } of records) this.counters.add(action, applicationId);
      });
    await together(
      this.repository.insert(tx, { occurredAt: this.clock.now(), action }, records.map(toRow)),
      this.addEvents(tx, event, records),
    );
  }

  private async addEvents(
    tx: EntityManager,
    event: AuditedEvent,
    records: readonly EventRecord<AuditedEvent & PublicEvent>[],
  ): Promise<void> {
    if (!isPublic(event) || !records.some((record) => record.event)) return;
    if (!(await this.outbox.isWanted(tx, event))) return;
    const events: NewEvent[] = [];
    for (const { event: data, applicationIds, applicationId } of records)
      if (data) {
        const own = applicationId === undefined ? null : [applicationId];
        events.push({
          data,
          applicationIds:
            typeof applicationIds === 'function' ? await applicationIds(tx) : (applicationIds ?? own),
        });
      }
    await this.outbox.write(tx, event, events);
  }
}

function toRow(event: AuditRecord): AuditRow {
  const { actor, subject = null, applicationId = null, requestId = actingRequest(), details = {} } = event;
  return { id: uuidv7(), actor, subject, applicationId, requestId, details };
}

/** The actor of a person's action: a pseudonym that survives their erasure without naming them. */
export function personActor(auditPseudonym: string): string {
  return `user:${auditPseudonym}`;
}
