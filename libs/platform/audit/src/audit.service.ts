import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/clock';
import type { AuditAction } from './audit-actions';
import {
  AuditRepository,
  type AuditQuery,
  type AuditRow,
  type ListedRecord,
} from './records/audit.repository';
import { actingRequest } from './operator';

export interface AuditEvent {
  /** `operator()`, `system`, or `user:<audit pseudonym>`. */
  readonly actor: string;
  readonly subject?: string;
  readonly applicationId?: string;
  /** The request that it happened in; without it that of the operator who acts. */
  readonly requestId?: string;
  /** Ids and closed words only: never a personal field, a token or free text of a person. */
  readonly details?: Record<string, string>;
}

/** Writes the audit trail inside the transaction of what it records. */
@Injectable()
export class AuditService {
  constructor(
    private readonly repository: AuditRepository,
    private readonly clock: Clock,
  ) {}

  /** The instant of the first record that is still there; null without any. */
  async earliest(manager: EntityManager): Promise<Date | null> {
    return this.repository.earliest(manager);
  }

  /** Records by actor or subject. There is no index for these: ask for a day at a time. */
  async list(manager: EntityManager, query: AuditQuery): Promise<readonly ListedRecord[]> {
    return this.repository.list(manager, query);
  }

  /** The newest record of an action since an instant. There is no index: it reads all newer records of other actions. */
  async newest(manager: EntityManager, action: AuditAction, from: Date): Promise<ListedRecord | null> {
    return this.repository.newest(manager, action, from);
  }

  async record(tx: EntityManager, action: AuditAction, event: AuditEvent): Promise<void> {
    await this.recordAll(tx, action, [event]);
  }

  async recordAll(tx: EntityManager, action: AuditAction, events: readonly AuditEvent[]): Promise<void> {
    if (events.length === 0) return;
    await this.repository.insert(tx, { occurredAt: this.clock.now(), action }, events.map(toRow));
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

/** Whether an actor or subject is a person. */
export function isPerson(name: string): boolean {
  return name.startsWith(personActor(''));
}
