import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BotsService, WithdrawsOfCompromisedBots } from '@countersign/applications';
import { AuditService, personActor, operator, type AuditRecord } from '@countersign/audit';
import { Clock, Configuration, DAY, Logger } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { readInput } from '@countersign/http';
import { LedgerAwayError } from '@countersign/ledger';
import { SessionsService, type Principal } from '@countersign/sessions';
import {
  AccountLevels,
  Erasures,
  UsersService,
  weakestOf,
  type Erasure,
  type ErasureReason,
  userEvents,
  type LockedUser,
} from '@countersign/users';
import {
  accountOperations,
  AccountActs,
  bySession,
  steppedUpBySignIn,
  tooLow,
} from '../rules/account-acts.service';
import { accountError } from '../account.errors';
import { toPendingErasure } from '../me.mapper';
import { AccountDataOfModules } from '../account-data-of-modules';
import { RecentMerges } from '../separation/recent-merges';
import { ErasureCompletion } from './erasure-completion';
import { LedgerComparison } from '../ledger/ledger-comparison';
import {
  ErasureQuery,
  type AdminErasurePreviewResponse,
  type ErasurePreviewResponse,
} from '../dto/erasure.response';

type ErasureLosses = Pick<ErasurePreviewResponse, 'lost' | 'forfeit'>;

type WantedErasure = Omit<Erasure, 'userId'>;

/** An operator can only bring forward a person's own request. */
function hastened(known: Erasure | null, closing: WantedErasure): WantedErasure {
  if (known?.reason !== 'person') return closing;
  return { ...known, eraseAt: known.eraseAt < closing.eraseAt ? known.eraseAt : closing.eraseAt };
}

@Injectable()
@WithdrawsOfCompromisedBots()
export class ErasureService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly erasures: Erasures,
    private readonly completion: ErasureCompletion,
    private readonly ledger: LedgerComparison,
    private readonly acts: AccountActs,
    private readonly levels: AccountLevels,
    private readonly bots: BotsService,
    private readonly accountData: AccountDataOfModules,
    private readonly recentMerges: RecentMerges,
    private readonly configuration: Configuration,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  async preview({ userId }: Principal): Promise<ErasurePreviewResponse> {
    return this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      const merges = await this.recentMerges.of(tx, userId);
      return {
        erasesAt: merges.notBefore(this.defaultInstant()).toISOString(),
        confirm: userId,
        pending: toPendingErasure(await this.erasures.find(userId, tx)),
        ...(await this.lossesOf(tx, userId)),
      };
    });
  }

  /** The result of `eraseFor` without `now`. */
  async previewFor(userId: string): Promise<AdminErasurePreviewResponse> {
    await this.users.assertNotMerged(userId);
    return this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      const pending = await this.erasures.find(userId, tx);
      const eraseAt = this.defaultInstant();
      const erasesAt = pending?.reason === 'person' && pending.eraseAt < eraseAt ? pending.eraseAt : eraseAt;
      return { erasesAt: erasesAt.toISOString(), ...(await this.lossesOf(tx, userId)) };
    });
  }

  private async lossesOf(tx: EntityManager, userId: string): Promise<ErasureLosses> {
    return {
      lost: await this.accountData.lostOf(tx, userId),
      forfeit: await this.accountData.objectionsTo('erasure', tx, userId),
    };
  }

  /**
   * Requests the erasure of the caller's account, which is closed at once.
   * @param query an `ErasureQuery`, read after the caller is checked
   * @returns when it will be erased; null when that is done
   */
  async request(caller: Principal, query: object): Promise<Date | null> {
    const { userId, applicationId } = caller;
    await this.ledger.assertErasable();
    const erasure = await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, userId);
      const locked = await this.acts.lock(tx, user, caller, accountOperations.erase);
      // The days of grace replace a step-up: a sign-in in those days can cancel the erasure.
      const hasGrace = this.configuration.erasureDays > 0;
      const asking = locked.isFreshSignIn && hasGrace ? steppedUpBySignIn(locked) : locked;
      const own = this.acts.assertAllowed(asking, { act: 'erase' });
      // Otherwise the holder of a leaked token could request it again in a session that is not ended yet.
      if (own !== 'platform' && (await this.bots.isCompromised(tx, locked.session.botRowId)))
        throw tooLow('platform');
      const { confirm, forfeit = '' } = readInput(ErasureQuery, query);
      if (confirm?.toLowerCase() !== userId) throw accountError('account.erasure_not_confirmed');
      const forfeited = await this.assertForfeited(tx, user, forfeit.split(','));
      const merges = await this.recentMerges.of(tx, userId);
      const assurance = weakestOf(own, ...merges.caps);
      const wanted = this.newErasure('person', { assurance, applicationId });
      const erasure = { ...wanted, eraseAt: merges.notBefore(wanted.eraseAt) };
      return this.close(tx, user, erasure, {
        ...bySession(caller),
        details: { ...asking.trail, ...forfeited },
      });
    });
    return this.completeIfDue(erasure);
  }

  /**
   * An operator requests it for a person who cannot prove who they are. It never puts off the person's own request.
   * @param forfeit ids of the things that are lost for good
   * @returns when it will be erased; null when that is done
   */
  async eraseFor(
    userId: string,
    reason: string,
    isNow: boolean,
    forfeit: readonly string[] = [],
  ): Promise<{ readonly userId: string; readonly erasesAt: Date | null }> {
    await this.users.assertNotMerged(userId);
    await this.ledger.assertErasable();
    const erasure = await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, userId);
      const forfeited = await this.assertForfeited(tx, user, forfeit);
      const assurance = await this.levels.of({ userId, applicationLevel: 'bot-token' }, tx);
      const wanted = this.newErasure('operator', { assurance, applicationId: null });
      const closing = isNow ? { ...wanted, eraseAt: wanted.requestedAt } : wanted;
      const known = await this.erasures.find(userId, tx);
      return this.close(tx, user, hastened(known, closing), {
        actor: operator(),
        details: { reason, ...forfeited },
      });
    });
    return { userId, erasesAt: await this.completeIfDue(erasure) };
  }

  /** The user is locked, so no module adds such things meanwhile. @returns the audit details */
  private async assertForfeited(
    tx: EntityManager,
    { userId }: LockedUser,
    named: readonly string[],
  ): Promise<Readonly<Record<string, string>>> {
    const lost = await this.accountData.objectionsTo('erasure', tx, userId);
    const forfeited = new Set(named.map((id) => id.toLowerCase()));
    if (!lost.every((id) => forfeited.has(id)))
      throw accountError('account.forfeit_not_named', { members: { forfeit: lost.join(',') } });
    return lost.length === 0 ? {} : { forfeited: lost.join(' ') };
  }

  /** Invalidates older proofs and ends sessions. A request that has started keeps its date. */
  private async close(
    tx: EntityManager,
    user: LockedUser,
    wanted: WantedErasure,
    { details, ...by }: AuditRecord,
  ): Promise<Erasure> {
    const { userId, auditPseudonym } = user;
    const erasure = { ...wanted, userId };
    const known = await this.erasures.find(userId, tx);
    await this.users.setAuthNotBefore(tx, userId);
    const ended = await this.sessions.end(tx, { userId }, 'erased');
    if (known?.startedAt) return known;
    await this.erasures.put(tx, user, erasure);
    await this.audit.record(tx, userEvents.userErasureRequested, {
      ...by,
      subject: personActor(auditPseudonym),
      details: { erasesAt: erasure.eraseAt.toISOString(), ...details, endedSessions: String(ended.length) },
    });
    return erasure;
  }

  private newErasure(
    reason: ErasureReason,
    rest: Pick<Erasure, 'assurance' | 'applicationId'>,
  ): WantedErasure {
    const requestedAt = this.clock.now();
    const eraseAt = this.defaultInstant();
    return { reason, requestedAt, eraseAt, startedAt: null, isDisputed: false, ...rest };
  }

  private defaultInstant(): Date {
    return new Date(this.clock.now().getTime() + this.configuration.erasureDays * DAY);
  }

  private async completeIfDue({ userId, eraseAt }: Erasure): Promise<Date | null> {
    const now = this.clock.now();
    try {
      if (eraseAt > now) return eraseAt;
      const isErased = await this.completion.complete(userId, now);
      return isErased || !(await this.erasures.find(userId)) ? null : eraseAt;
    } catch (error) {
      if (!(error instanceof LedgerAwayError)) throw error;
      this.logger.warn({ err: error }, 'an erasure waits for the ledger');
      return eraseAt;
    }
  }

  /**
   * Cancels an erasure that has not started. Only the person can cancel a request that they made with a `platform`
   * proof. A holder of the bot's token or the vendor's secret can forge any weaker proof. A disputed erasure waits for
   * the answer about a restore.
   */
  async cancelFor(userId: string, reason: string): Promise<void> {
    await this.users.assertNotMerged(userId);
    await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, userId);
      const erasure = await this.erasures.find(userId, tx);
      if (!erasure) throw accountError('user.no_erasure_requested');
      if (erasure.startedAt) throw accountError('user.erasure_started');
      if (erasure.isDisputed) throw accountError('account.erasures_wait');
      if (erasure.reason === 'person' && erasure.assurance === 'platform')
        throw accountError('user.erasure_not_of_operator');
      await this.withdraw(tx, user, reason);
    });
  }

  /** Cancels the requests that the holder of a bot's token may have made, one account after another. */
  async withdrawAllOf(applicationId: string): Promise<void> {
    for (const userId of await this.erasures.listOfWeakProofs(applicationId)) {
      await this.database.transaction(async (tx) => {
        const user = await this.users.lockIfThere(tx, userId);
        if (!user) return;
        const erasure = await this.erasures.find(userId, tx);
        // Meanwhile it may have been cancelled, started, or requested again by a stronger proof or an operator.
        if (erasure?.applicationId !== applicationId || erasure.assurance === 'platform') return;
        if (erasure.startedAt || erasure.isDisputed) return;
        await this.withdraw(tx, user, 'bot-compromised');
      });
    }
  }

  private async withdraw(tx: EntityManager, user: LockedUser, reason: string): Promise<void> {
    await this.erasures.cancel(tx, user);
    await this.audit.recordByOperator(tx, userEvents.userErasureCancelled, {
      subject: personActor(user.auditPseudonym),
      details: { reason },
    });
  }
}
