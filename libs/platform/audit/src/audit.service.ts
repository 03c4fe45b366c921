import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock, plusSeconds } from '@countersign/clock';
import { DayPartitions } from '@countersign/database';
import { Outbox } from '@countersign/events';
import {
  AuditRepository,
  type AuditQuery,
  type AuditRow,
  type ListedRecord,
} from './records/audit.repository';
import { actingRequest } from './operator';
import { instantOf } from './records/record-encoding';
import { RecordMacs } from './records/record-macs';

const MARGIN_SECONDS = 300;

/** The closed list of audited actions. */
export const auditActions = [
  'application.created',
  'application.changed',
  'bot.added',
  'bot.changed',
  'bot.token_rotated',
  'bot.removed',
  'bot.allowed',
  'bot.disallowed',
  'rapidpace_secret.added',
  'rapidpace_secret.removed',
  'client_secret.added',
  'client_secret.removed',
  'user.created',
  'user.status_changed',
  'user.join_requested',
  'user.join_ended',
  'user.merged',
  'user.separated',
  'user.looked_up',
  'user.revealed',
  'user.reveal_requested',
  'user.reveal_approved',
  'user.reveal_declined',
  'user.export_requested',
  'user.export_cancelled',
  'user.exported',
  'profile.changed',
  'user.erasure_requested',
  'user.erasure_cancelled',
  'user.erased',
  'identity.linked',
  'identity.unlinked',
  'identity.unlinking_scheduled',
  'identity.unlinking_cancelled',
  'identity.contact_added',
  'identity.confirmed',
  'identity.detached',
  'wallet.linked',
  'wallet.unlinked',
  'wallet.changed',
  'wallet.owners_changed',
  'installation.changed',
  'installation.restored',
  'installation.ledger_accepted',
  'identity_key.created',
  'identity_key.rotated',
  'identity_key.revoked',
  'ring_key.added',
  'ring_key.rotated',
  'ring_key.retired',
  'ring_key.dropped',
  'chain.reset',
  'job.run_requested',
  'principal.created',
  'principal.changed',
  'principal.removed',
  'principal.secret_added',
  'principal.secret_removed',
  'principal.authenticated',
  'webhook.created',
  'webhook.changed',
  'webhook.removed',
  'webhook.enabled',
  'webhook.disabled',
  'webhook.secret_added',
  'webhook.secret_removed',
  'webhook.tested',
  'webhook.replayed',
  'team.created',
  'team.changed',
  'team.deleted',
  'team.restored',
  'team.reverted',
  'team.erased',
  'team.ownership_transferred',
  'team_member.joined',
  'team_member.left',
  'team_member.role_changed',
  'invitation.created',
  'invitation.accepted',
  'invitation.revoked',
  'invitation.reopened',
  'invitation.declined',
  'session.opened',
  'session.reentered',
  'session.reentry_refused',
  'session.stepped_up',
  'session.ended',
  'referral.bound',
  'referral.removed',
  'audit.read',
  'audit.exported',
  'audit.verified',
  'audit.adopted',
  'audit.day_dropped',
  'audit.retention_changed',
  'audit_key.created',
  'audit_key.rotated',
  'auth.refused',
  'refusal.read',
] as const;
export type AuditAction = (typeof auditActions)[number];

export interface AuditEvent {
  /** `operator()`, `system`, `user:<audit pseudonym>`, or `unverified`. */
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
    private readonly partitions: DayPartitions,
    private readonly outbox: Outbox,
    private readonly repository: AuditRepository,
    private readonly macs: RecordMacs,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes sure that the partitions of records and events exist, also across midnight. Call it before the transaction, or
   * once more in one that lasts for minutes, before that locks anything of these tables.
   */
  async prepare(): Promise<void> {
    const now = this.clock.now();
    await this.partitions.ensure('audit_records', now);
    await this.partitions.ensure('audit_records', plusSeconds(now, MARGIN_SECONDS));
    await this.outbox.prepare();
  }

  /** The instant of the first record that is still there; null without any. */
  async earliest(manager: EntityManager): Promise<Date | null> {
    return this.repository.earliest(manager);
  }

  /** Records by actor or subject. There is no index for these: ask for a day at a time. */
  async list(manager: EntityManager, query: AuditQuery): Promise<readonly ListedRecord[]> {
    return this.repository.list(manager, query);
  }

  async record(tx: EntityManager, action: AuditAction, event: AuditEvent): Promise<void> {
    await this.recordAll(tx, action, [event]);
  }

  async recordAll(tx: EntityManager, action: AuditAction, events: readonly AuditEvent[]): Promise<void> {
    if (events.length === 0) return;
    const occurredAt = this.clock.now();
    const instant = instantOf(occurredAt);
    const records = events.map((event) => this.toRow(instant, action, event));
    await this.repository.insert(tx, { occurredAt, action }, records);
  }

  private toRow(instant: string, action: AuditAction, event: AuditEvent): AuditRow {
    const { actor, subject = null, applicationId = null, requestId = actingRequest(), details = {} } = event;
    const content = { id: uuidv7(), actor, subject, applicationId, requestId, details };
    return { ...content, ...this.macs.make({ instant, action, ...content }) };
  }
}

/** The actor of a person's action, under a pseudonym that survives their erasure without naming them. */
export function personActor(auditPseudonym: string): string {
  return `user:${auditPseudonym}`;
}

/** Whether an actor or subject is a person. */
export function isPerson(name: string): boolean {
  return name.startsWith(personActor(''));
}
