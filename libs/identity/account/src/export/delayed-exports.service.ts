import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ApplicationsService } from '@countersign/applications';
import { AuditService } from '@countersign/audit';
import { Clock, DAY, HOUR } from '@countersign/clock';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { accountActs } from '../rules/account-acts';
import { accountError } from '../account.errors';
import { AccountActs, steppedUpBySignIn, type Asking } from '../rules/account-plane';
import type { DelayedExportResponse } from '../dto/export.response';
import { StepUpsRepository, type PendingExport } from '../step-up/step-ups.repository';

const DELAY_HOURS = 72;
const COLLECTABLE_DAYS = 7;

/**
 * Exports without a step-up: a person whose client opens no second instance has a right to one too. The delay lets them
 * see a request that is not theirs, and cancel it.
 */
@Injectable()
export class DelayedExports {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly applications: ApplicationsService,
    private readonly acts: AccountActs,
    private readonly stepUps: StepUpsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * For a session whose own sign-in proof is at most five minutes old. An earlier request stays as it is.
   * @throws AppError account.step_up_required, account.first_party_only, auth.assurance_too_low
   */
  async request(caller: Principal): Promise<DelayedExportResponse> {
    const application = await this.applications.getById(caller.applicationId);
    await this.audit.prepare();
    const pending = await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      const locked = await this.acts.lock(tx, caller);
      const asking = locked.isFreshSignIn ? steppedUpBySignIn(locked) : locked;
      this.acts.assertOwn(application, asking, 'export');
      const earlier = await this.findIn(tx, caller);
      return earlier ?? this.put(tx, caller, asking);
    });
    return toDelayedExport(pending);
  }

  /** @throws AppError account.export_not_requested */
  async cancel(caller: Principal): Promise<void> {
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      const pending = await this.findIn(tx, caller);
      if (!pending) throw accountError('account.export_not_requested');
      await this.stepUps.delete(tx, pending.id);
      await this.record(tx, 'user.export_cancelled', caller, pending.id, {});
    });
  }

  /** Of any session of the person in the application. @throws AppError account.export_not_requested */
  async read(caller: Principal): Promise<DelayedExportResponse> {
    const pending = await this.database.read((manager) => this.findIn(manager, caller));
    if (!pending) throw accountError('account.export_not_requested');
    return toDelayedExport(pending);
  }

  /** @returns whether this session collects a requested export: its sign-in proof was made after the delay. */
  async collect(tx: EntityManager, caller: Principal, { session }: Asking): Promise<boolean> {
    const pending = await this.findIn(tx, caller);
    if (!pending || session.proofMadeAt === null || session.proofMadeAt < pending.readyAt) return false;
    await this.stepUps.noteCollected(tx, pending.id, this.clock.now());
    return true;
  }

  private async findIn(
    manager: EntityManager,
    { userId, applicationId }: Pick<Principal, 'userId' | 'applicationId'>,
  ): Promise<PendingExport | null> {
    return this.stepUps.findExport(manager, { userId, applicationId, now: this.clock.now() });
  }

  private async put(tx: EntityManager, caller: Principal, asking: Asking): Promise<PendingExport> {
    const readyAt = new Date(this.clock.now().getTime() + DELAY_HOURS * HOUR);
    const pending = {
      id: uuidv7(),
      readyAt,
      expiresAt: new Date(readyAt.getTime() + COLLECTABLE_DAYS * DAY),
    };
    await this.stepUps.insert(tx, {
      ...pending,
      act: accountActs['account.export'].name,
      askingSessionId: caller.sessionId,
      codeDigest: null,
      sessionId: null,
      grantDigest: null,
      grantExpiresAt: null,
      usedAt: null,
    });
    const details = { readyAt: readyAt.toISOString(), ...asking.trail };
    await this.record(tx, 'user.export_requested', caller, pending.id, details);
    return pending;
  }

  private async record(
    tx: EntityManager,
    action: 'user.export_requested' | 'user.export_cancelled',
    { sessionId, applicationId }: Principal,
    subject: string,
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.audit.record(tx, action, { actor: `session:${sessionId}`, applicationId, subject, details });
  }
}

function toDelayedExport({ readyAt, expiresAt }: PendingExport): DelayedExportResponse {
  return { readyAt: readyAt.toISOString(), expiresAt: expiresAt.toISOString() };
}
