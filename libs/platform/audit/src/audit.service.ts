import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/clock';
import { afterCommit, together } from '@countersign/database';
import {
  isCounted,
  isEventType,
  Outbox,
  type AuditAction,
  type EventData,
  type EventType,
  type NewEvent,
} from '@countersign/events';
import { DailyCounters } from './counters/daily-counters';
import {
  AuditRepository,
  type AuditQuery,
  type AuditRow,
  type ListedRecord,
} from './records/audit.repository';
import { actingRequest } from './operator';

export interface AuditEvent {
  /** `operator()`, `system`, `session:<id>`, or `user:<audit pseudonym>`. */
  readonly actor: string;
  readonly subject?: string;
  readonly applicationId?: string;
  /** The request that it happened in; without it that of the operator who acts. */
  readonly requestId?: string;
  /** Ids and closed words only: never a personal field, a token or free text of a person. */
  readonly details?: Record<string, string>;
}

/** A record of an act. A public act may have its event here too, which webhooks deliver to services. */
export type ActRecord<A extends AuditAction> = AuditEvent &
  (A extends EventType
    ? {
        readonly event?: EventData<A>;
        /**
         * The applications that it concerns; by default that of the act, and the installation without one. A function is asked
         * where a subscriber wants the event.
         */
        readonly applicationIds?: readonly string[] | ((tx: EntityManager) => Promise<readonly string[]>);
      }
    : unknown);

/** Writes the audit trail and the events of public acts, inside the transaction of what it records. */
@Injectable()
export class AuditService {
  constructor(
    private readonly repository: AuditRepository,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly counters: DailyCounters,
  ) {}

  /** The instant of the first record that is still there; null without any. */
  async earliest(manager: EntityManager): Promise<Date | null> {
    return this.repository.earliest(manager);
  }

  /** Records by actor or subject. There is no index for these: ask for a day at a time. */
  async list(manager: EntityManager, query: AuditQuery): Promise<readonly ListedRecord[]> {
    return this.repository.list(manager, query);
  }

  /** The newest record of `custody.journal_sealed` since an instant, by an index of its own. */
  async newestSeal(manager: EntityManager, from: Date): Promise<ListedRecord | null> {
    return this.repository.newestSeal(manager, from);
  }

  async record<A extends AuditAction>(tx: EntityManager, action: A, act: ActRecord<A>): Promise<void> {
    await this.recordAll(tx, action, [act]);
  }

  async recordAll<A extends AuditAction>(
    tx: EntityManager,
    action: A,
    acts: readonly ActRecord<A>[],
  ): Promise<void> {
    if (acts.length === 0) return;
    if (isCounted(action))
      afterCommit(tx, () => {
        for (const { applicationId } of acts) this.counters.add(action, applicationId);
      });
    await together(
      this.repository.insert(tx, { occurredAt: this.clock.now(), action }, acts.map(toRow)),
      this.addEvents(tx, action, acts as readonly ActRecord<EventType & AuditAction>[]),
    );
  }

  private async addEvents(
    tx: EntityManager,
    type: AuditAction,
    acts: readonly ActRecord<EventType & AuditAction>[],
  ): Promise<void> {
    if (!isEventType(type) || !acts.some(({ event }) => event)) return;
    if (!(await this.outbox.isWanted(tx, type))) return;
    const events: NewEvent[] = [];
    for (const { event, applicationIds, applicationId } of acts)
      if (event) {
        const own = applicationId === undefined ? null : [applicationId];
        events.push({
          data: event as NewEvent['data'],
          applicationIds:
            typeof applicationIds === 'function' ? await applicationIds(tx) : (applicationIds ?? own),
        });
      }
    await this.outbox.write(tx, type, events);
  }
}

function toRow(event: AuditEvent): AuditRow {
  const { actor, subject = null, applicationId = null, requestId = actingRequest(), details = {} } = event;
  return { id: uuidv7(), actor, subject, applicationId, requestId, details };
}

/** The actor of a person's action, under a pseudonym that survives their erasure without naming them. */
export function personActor(auditPseudonym: string): string {
  return `user:${auditPseudonym}`;
}
