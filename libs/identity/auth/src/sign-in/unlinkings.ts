import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { AppError } from '@countersign/errors';
import { SessionsService } from '@countersign/sessions';
import {
  AccountEvents,
  AccountLevels,
  IdentitiesService,
  UsersService,
  type FoundUser,
  type OwnIdentity,
} from '@countersign/users';

/** The identity has left its account, and its rows are still to be deleted. */
class UnlinkingDue extends Error {
  constructor(readonly identityId: string) {
    super('an identity is to leave its account first');
  }
}

/** The actor and the details for the audit trail. */
interface UnlinkingRecord {
  readonly actor: string;
  readonly applicationId?: string;
  readonly details?: Record<string, string>;
}

type UnlinkingAct = 'identity.unlinking_scheduled' | 'identity.unlinking_cancelled' | 'identity.unlinked';

/** Identities that leave their account at an instant, unless they sign in until then. */
@Injectable()
export class Unlinkings {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly levels: AccountLevels,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs `work`. If it meets an identity whose unlinking is due, completes the unlinking and runs `work` once more.
   */
  async around<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnlinkingDue)) throw error;
      await this.complete(error.identityId);
      return work();
    }
  }

  /** For `around`: throws where the identity has left the account that its row names. */
  assertThere({ identityId, unlinksAt }: FoundUser): void {
    if (unlinksAt && unlinksAt <= this.clock.now()) throw new UnlinkingDue(identityId);
  }

  /** The caller has locked the account. */
  async schedule(
    tx: EntityManager,
    userId: string,
    identity: OwnIdentity,
    at: Date,
    words: UnlinkingRecord,
  ): Promise<void> {
    await this.identities.setUnlinksAt(tx, identity.id, at);
    const details = { ...words.details, unlinksAt: at.toISOString() };
    await this.record(tx, 'identity.unlinking_scheduled', userId, identity, { ...words, details });
  }

  /** The caller has locked the account. */
  async cancel(tx: EntityManager, userId: string, identityId: string, words: UnlinkingRecord): Promise<void> {
    const identity = (await this.identities.listOf(tx, userId)).find(({ id }) => id === identityId);
    if (!identity) return;
    await this.identities.setUnlinksAt(tx, identityId, null);
    await this.record(tx, 'identity.unlinking_cancelled', userId, identity, words);
  }

  /** By a sign-in with the identity, whose account the caller has locked. */
  async cancelBy(
    tx: EntityManager,
    { userId, identityId, unlinksAt, auditPseudonym }: FoundUser,
    applicationId: string,
  ): Promise<void> {
    if (!unlinksAt) return;
    await this.cancel(tx, userId, identityId, { actor: personActor(auditPseudonym), applicationId });
  }

  /** @returns how many have left */
  async completeDue(now: Date, limit: number): Promise<number> {
    const due = await this.database.read((manager) => this.identities.listUnlinking(manager, now, limit));
    let left = 0;
    for (const identityId of due) if (await this.complete(identityId)) left += 1;
    return left;
  }

  /**
   * Where the account could not be reached without the identity by now, it stays.
   * @returns whether it has left
   */
  async complete(identityId: string): Promise<boolean> {
    await this.audit.prepare();
    const ended = await this.database.transaction(async (tx) => {
      const scheduled = await this.identities.findUnlinking(tx, identityId);
      if (!scheduled || !(await this.users.lockIfThere(tx, scheduled.userId))) return null;
      const { userId } = scheduled;
      const current = await this.identities.findUnlinking(tx, identityId);
      if (current?.userId !== userId || current.unlinksAt > this.clock.now()) return null;
      const identity = (await this.identities.listOf(tx, userId)).find(({ id }) => id === identityId);
      if (!identity) return null;
      if (!(await this.isRemovable(tx, userId, identityId))) {
        await this.cancel(tx, userId, identityId, { actor: 'system', details: { reason: 'last' } });
        return null;
      }
      const ids = await this.sessions.endOfIdentity(tx, { userId, id: identityId }, 'unlinked');
      await this.identities.remove(tx, userId, identity, 'system');
      const details = { endedSessions: String(ids.length) };
      await this.record(tx, 'identity.unlinked', userId, identity, { actor: 'system', details });
      return ids;
    });
    if (ended) this.sessions.forget(ended);
    return ended !== null;
  }

  private async isRemovable(tx: EntityManager, userId: string, identityId: string): Promise<boolean> {
    const level = await this.levels.of({ userId, applicationLevel: 'bot-token' }, tx);
    try {
      await this.identities.assertRemovable(tx, userId, identityId, level);
      return true;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  }

  private async record(
    tx: EntityManager,
    act: UnlinkingAct,
    userId: string,
    { id: identityId, provider, environment }: OwnIdentity,
    { actor, applicationId, details }: UnlinkingRecord,
  ): Promise<void> {
    await this.audit.record(tx, act, {
      actor,
      subject: identityId,
      ...(applicationId === undefined ? {} : { applicationId }),
      ...(details ? { details } : {}),
    });
    await this.events.add(tx, act, userId, { userId, identityId, provider, environment });
  }
}
