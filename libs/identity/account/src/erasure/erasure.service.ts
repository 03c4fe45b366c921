import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService, BotsService } from '@countersign/applications';
import { AuditService, personActor, operator } from '@countersign/audit';
import { Clock, DAY } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database } from '@countersign/database';
import { readInput } from '@countersign/http';
import { LedgerAwayError } from '@countersign/ledger';
import { Logger } from '@countersign/observability';
import { OwnEndings, SessionsService, type Principal } from '@countersign/sessions';
import {
  AccountLevels,
  Erasures,
  UsersService,
  weakestOf,
  type Erasure,
  type ErasureReason,
} from '@countersign/users';
import { accountActs } from '../rules/account-acts';
import { accountError } from '../account.errors';
import { AccountActs, steppedUpBySignIn, tooLow } from '../rules/account-acts.service';
import { toPendingErasure } from '../me.mapper';
import { AccountDataOfModules } from '../account-data-of-modules';
import { RecentMerges } from '../separation/recent-merges';
import { ErasureCompletion } from './erasure-completion';
import { ErasureQuery, type ErasurePreviewResponse } from '../dto/erasure.response';

interface RequestedErasure {
  readonly erasure: Erasure;
  /** Sessions that have ended. */
  readonly ended: readonly string[];
}

interface ErasureRequest {
  readonly by: { readonly actor: string; readonly applicationId?: string };
  /** For the audit trail. */
  readonly details: Readonly<Record<string, string>>;
  /** Outdates proofs and ends sessions. */
  readonly end: () => Promise<readonly string[]>;
}

/** For the audit trail. */
function trailOf(forfeited: readonly string[]): Readonly<Record<string, string>> {
  return forfeited.length === 0 ? {} : { forfeited: forfeited.join(' ') };
}

/** An operator's erasure, where its person may have requested one. */
function hastened(known: Erasure | null, closing: Erasure): Erasure {
  if (known?.reason !== 'person') return closing;
  const eraseAt = known.eraseAt < closing.eraseAt ? known.eraseAt : closing.eraseAt;
  return known.kind === 'closed' ? { ...known, eraseAt } : { ...closing, reason: 'person', eraseAt };
}

/** Below the account’s level, at least: the events and each session show the request, and its person has these days to cancel it. */
const OPEN_ERASURE_DAYS = 7;

/** Requests of erasures. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly endings: OwnEndings,
    private readonly erasures: Erasures,
    private readonly completion: ErasureCompletion,
    private readonly acts: AccountActs,
    private readonly levels: AccountLevels,
    private readonly applications: ApplicationsService,
    private readonly bots: BotsService,
    private readonly accountData: AccountDataOfModules,
    private readonly recentMerges: RecentMerges,
    private readonly configuration: Configuration,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** What an erasure would mean for the caller. */
  async preview(caller: Principal): Promise<ErasurePreviewResponse> {
    const application = await this.applications.getById(caller.applicationId);
    return this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      const asking = await this.acts.lock(tx, caller);
      const isAtLevel = this.acts.isAtLevel(asking) && application.trust === 'first-party';
      const pending = await this.erasures.find(caller.userId, tx);
      const days = this.daysOf(isAtLevel ? 'closed' : 'open');
      const merges = await this.recentMerges.of(tx, caller.userId);
      return {
        scope: isAtLevel ? 'account' : 'application',
        erasesAt: merges.notBefore(this.instantAfter(days)).toISOString(),
        lost: await this.accountData.inventory(tx, [caller.userId]),
        confirm: caller.userId,
        forfeit: isAtLevel ? await this.accountData.objectionsTo('erasure', tx, caller.userId) : [],
        pending: toPendingErasure(pending),
      };
    });
  }

  /**
   * Requests the erasure of the caller's account. At its level the account is closed at once; below it, the
   * sessions of this application end, and the account goes on until its erasure. see `AccountActs.assertMayErase`.
   * @param query an `ErasureQuery`, read after the caller is checked
   * @returns when it will be erased; null when that is done
   * @throws AppError request.invalid, account.erasure_not_confirmed, account.forfeit_not_named, account.step_up_required,
   * account.first_party_only, auth.assurance_too_low
   */
  async request(caller: Principal, query: object): Promise<Date | null> {
    const { erasure, ended } = await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      const locked = await this.acts.lock(tx, caller, accountActs['account.erase']);
      // The days of grace stand in for a step-up: a sign-in of those days can cancel.
      const hasGrace = this.configuration.erasureDays > 0 || !this.acts.isAtLevel(locked);
      const asking = locked.isFreshSignIn && hasGrace ? steppedUpBySignIn(locked) : locked;
      const { scope, assurance: own } = this.acts.assertMayErase(
        asking,
        await this.users.isProven(tx, caller.userId),
      );
      // Otherwise the holder of a leaked token would request it again in a session that is not ended yet.
      if (own !== 'platform' && (await this.bots.isCompromised(tx, locked.session.botRowId)))
        throw tooLow('platform');
      const { confirm, forfeit = '' } = readInput(ErasureQuery, query);
      if (confirm?.toLowerCase() !== caller.userId) throw accountError('account.erasure_not_confirmed');
      const forfeited = await this.assertForfeited(tx, caller.userId, forfeit.split(','));
      // A bot's token alone destroys nothing of value.
      if (forfeited.length > 0 && scope !== 'account') throw tooLow(locked.level);
      const merges = await this.recentMerges.of(tx, caller.userId);
      const assurance = weakestOf(own, ...merges.caps);
      const by = { actor: `session:${caller.sessionId}`, applicationId: caller.applicationId };
      const isOfAccount = scope === 'account';
      const wanted = this.newErasure(caller.userId, isOfAccount ? 'closed' : 'open', 'person', {
        assurance,
        applicationId: caller.applicationId,
      });
      const postponed = { ...wanted, eraseAt: merges.notBefore(wanted.eraseAt) };
      const ending = isOfAccount ? null : caller.applicationId;
      const end = () => this.endings.endAll(tx, caller, { applicationId: ending, exceptId: null }, 'erased');
      const request = { by, details: { ...asking.trail, ...trailOf(forfeited) }, end };
      return isOfAccount ? this.close(tx, postponed, request) : this.leave(tx, postponed, request);
    });
    this.sessions.forget(ended);
    return this.completeIfDue(erasure);
  }

  /**
   * By an operator, for a person who cannot prove who they are. What its person requested stays theirs: it is not put
   * off, and an operator cannot take it back afterwards.
   * @param reason a word or the number of a request, for the audit trail
   * @param forfeit ids of what is lost for good
   * @returns when it will be erased; null when that is done
   * @throws AppError user.not_found, account.forfeit_not_named
   */
  async eraseFor(
    userId: string,
    reason: string,
    isNow: boolean,
    forfeit: readonly string[] = [],
  ): Promise<Date | null> {
    const { erasure, ended } = await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      const forfeited = await this.assertForfeited(tx, userId, forfeit);
      const assurance = await this.levels.of({ userId, applicationLevel: 'bot-token' }, tx);
      const wanted = this.newErasure(userId, 'closed', 'operator', { assurance, applicationId: null });
      const closing = isNow ? { ...wanted, eraseAt: wanted.requestedAt } : wanted;
      const known = await this.erasures.find(userId, tx);
      return this.close(tx, hastened(known, closing), {
        by: { actor: operator() },
        details: { reason, ...trailOf(forfeited) },
        end: async () => {
          await this.users.setAuthNotBefore(tx, userId, this.clock.now());
          return this.sessions.end(tx, { userId }, 'erased');
        },
      });
    });
    this.sessions.forget(ended);
    return this.completeIfDue(erasure);
  }

  /**
   * The caller has locked the user, and from the request on nothing of the kind is made.
   * @returns ids of what the erasure takes for good
   * @throws AppError account.forfeit_not_named unless all of them are named
   */
  private async assertForfeited(
    tx: EntityManager,
    userId: string,
    named: readonly string[],
  ): Promise<readonly string[]> {
    const lost = await this.accountData.objectionsTo('erasure', tx, userId);
    const forfeited = new Set(named.map((id) => id.toLowerCase()));
    if (lost.every((id) => forfeited.has(id))) return lost;
    throw accountError('account.forfeit_not_named', { members: { forfeit: lost.join(',') } });
  }

  private async close(
    tx: EntityManager,
    erasure: Erasure,
    { by, details, end }: ErasureRequest,
  ): Promise<RequestedErasure> {
    const known = await this.erasures.find(erasure.userId, tx);
    // A request that has been started keeps its date.
    const current = known?.startedAt ? known : erasure;
    const ended = await end();
    if (current === erasure)
      await this.put(tx, erasure, by, { ...details, endedSessions: String(ended.length) });
    return { erasure: current, ended };
  }

  private async leave(
    tx: EntityManager,
    erasure: Erasure,
    { by, details, end }: ErasureRequest,
  ): Promise<RequestedErasure> {
    const known = await this.erasures.find(erasure.userId, tx);
    const ended = await end();
    if (known && known.eraseAt <= erasure.eraseAt) return { erasure: known, ended };
    await this.put(tx, erasure, by, { ...details, endedSessions: String(ended.length) });
    return { erasure, ended };
  }

  private async put(
    tx: EntityManager,
    erasure: Erasure,
    by: ErasureRequest['by'],
    details: ErasureRequest['details'],
  ): Promise<void> {
    await this.erasures.put(tx, erasure);
    const auditPseudonym = await this.users.getAuditPseudonym(tx, erasure.userId);
    await this.audit.record(tx, 'user.erasure_requested', {
      ...by,
      subject: personActor(auditPseudonym),
      details: { kind: erasure.kind, erasesAt: erasure.eraseAt.toISOString(), ...details },
    });
  }

  private newErasure(
    userId: string,
    kind: Erasure['kind'],
    reason: ErasureReason,
    rest: Pick<Erasure, 'assurance' | 'applicationId'>,
  ): Erasure {
    const requestedAt = this.clock.now();
    const eraseAt = this.instantAfter(this.daysOf(kind));
    return { userId, kind, reason, requestedAt, eraseAt, startedAt: null, ...rest };
  }

  private daysOf(kind: Erasure['kind']): number {
    const { erasureDays } = this.configuration;
    return kind === 'closed' ? erasureDays : Math.max(erasureDays, OPEN_ERASURE_DAYS);
  }

  private instantAfter(days: number): Date {
    return new Date(this.clock.now().getTime() + days * DAY);
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
}
