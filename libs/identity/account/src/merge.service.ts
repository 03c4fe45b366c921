import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor } from '@countersign/audit';
import { PresentedProofs, ProofSpending, type Door, type VerifiedSignIn } from '@countersign/auth';
import { Clock } from '@countersign/clock';
import { Database, LostRace } from '@countersign/database';
import { sessionError, SessionsService, type Principal } from '@countersign/sessions';
import {
  AccountEvents,
  erasurePending,
  Erasures,
  IdentitiesService,
  moveRows,
  UserMerging,
  userError,
  UsersService,
  type Assurance,
  type MergePair,
  type OwnIdentity,
} from '@countersign/users';
import { accountActs } from './rules/account-acts';
import { accountError } from './account.errors';
import { AccountActs, botsOf, foundingEnvironmentOf, presented, trailOf } from './rules/account-plane';
import { capAfterMerge } from './rules/account-rules';
import type { MergeResponse } from './dto/merge.response';
import { AccountDataOfModules } from './account-data-of-modules';
import { MergeJournal } from './separation/merge-journal';

/** How often the account of the proof may move while a merge waits for it. */
const MAX_MOVES = 50;

/** How a merge came about. */
interface Merger {
  readonly applicationId: string;
  /** The weakest assurance involved: the cap of what is attached. */
  readonly together: Assurance;
  /** The bots that it rests on, as `provider/environment/id`. */
  readonly bots: readonly string[];
  /** What the audit trail says of it. */
  readonly details: Readonly<Record<string, string>>;
}

/** The session whose account survives. */
type MergingSession = Pick<Principal, 'userId' | 'sessionId'>;

/** Both accounts, and the identity that was proven. */
interface ProvenPair extends MergePair {
  readonly cap: Assurance;
  readonly identityId: string;
}

type MergeJudge = (tx: EntityManager, pair: ProvenPair, moved: readonly OwnIdentity[]) => Promise<Merger>;

interface Outcome {
  readonly mergedUserId: string;
  readonly ended: readonly string[];
}

/**
 * Merges two accounts: one that a wallet has by its answer to a challenge for this, others by a request to join.
 */
@Injectable()
export class MergeService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly merging: UserMerging,
    private readonly erasures: Erasures,
    private readonly accountData: AccountDataOfModules,
    private readonly sessions: SessionsService,
    private readonly proofs: PresentedProofs,
    private readonly spending: ProofSpending,
    private readonly identities: IdentitiesService,
    private readonly acts: AccountActs,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly journal: MergeJournal,
    private readonly clock: Clock,
  ) {}

  /**
   * The caller's account survives.
   * @throws AppError account.step_up_required, account.same_account, account.nothing_to_merge, account.cannot_join,
   * user.deactivated, user.erasure_pending, auth.assurance_too_low, auth.proof_used, auth.proof_not_fresh, and what the door
   * refuses
   */
  async merge(caller: Principal, door: Door, body: unknown): Promise<MergeResponse> {
    const verified = await this.proofs.openDoor(door, body, caller, 'merge');
    return this.mergeBy(caller, verified, (tx, pair, moved) => this.judge(tx, caller, verified, pair, moved));
  }

  /**
   * Merges the account of a verified identity into that of a session.
   * @param judge under the locks of both accounts
   * @throws AppError as `merge`, and what `judge` throws
   */
  async mergeBy(caller: MergingSession, verified: VerifiedSignIn, judge: MergeJudge): Promise<MergeResponse> {
    await this.spending.prepare(verified);
    const { mergedUserId, ended } = await this.database.transaction((tx) =>
      this.mergeIn(tx, caller, verified, judge),
    );
    this.sessions.forget(ended);
    return { userId: caller.userId, mergedUserId };
  }

  private async mergeIn(
    tx: EntityManager,
    caller: MergingSession,
    { proof, spend }: VerifiedSignIn,
    judge: MergeJudge,
  ): Promise<Outcome> {
    await spend?.(tx);
    const pair = await this.lockBoth(tx, caller, proof);
    await this.identities.assertProves(tx, pair.identityId, proof);
    await this.assertMergeable(tx, pair);
    await this.spending.spend(tx, proof, caller.sessionId);
    const merger = await judge(tx, pair, await this.identities.listOf(tx, pair.loser.userId));
    return { mergedUserId: pair.loser.userId, ended: await this.absorb(tx, pair, merger) };
  }

  private async judge(
    tx: EntityManager,
    caller: Principal,
    { proof, application }: VerifiedSignIn,
    pair: ProvenPair,
    moved: readonly OwnIdentity[],
  ): Promise<Merger> {
    const asking = await this.acts.lock(tx, caller, accountActs['account.join']);
    const together = this.acts.assertAllowed(asking, {
      act: 'merge',
      proof: presented(proof, pair.cap),
      otherLevel: await this.acts.levelOf(tx, caller.applicationId, pair.loser.userId),
      otherFoundedIn: foundingEnvironmentOf(moved),
    });
    return {
      applicationId: application.id,
      together,
      bots: botsOf(asking, proof),
      details: { ...trailOf(proof), ...asking.trail },
    };
  }

  /**
   * Moves everything of the loser to the survivor. The caller has locked and judged both.
   * @returns the ids of sessions that ended
   */
  async absorb(tx: EntityManager, pair: MergePair, merger: Merger): Promise<readonly string[]> {
    const { applicationId, together, bots, details } = merger;
    const moved = await this.identities.listOf(tx, pair.loser.userId);
    const ended = await this.move(tx, pair);
    for (const { id, cap } of moved)
      await this.identities.attach(tx, id, { by: 'merge', cap: capAfterMerge(cap, together), bots });
    const { userId: mergedUserId } = pair.loser;
    const { userId } = pair.survivor;
    await this.audit.record(tx, 'user.merged', {
      actor: personActor(pair.survivor.auditPseudonym),
      applicationId,
      subject: personActor(pair.loser.auditPseudonym),
      details: { ...details, endedSessions: String(ended.length) },
      event: { userId, mergedUserId },
      toldTo: this.events.of(userId),
    });
    return ended;
  }

  /** @throws AppError user.deactivated, user.erasure_pending, account.cannot_join */
  async assertMergeable(tx: EntityManager, { survivor, loser }: MergePair): Promise<void> {
    if (loser.status !== 'active' || survivor.status !== 'active') throw userError('user.deactivated');
    for (const { userId, erasure } of [survivor, loser]) {
      const pending = erasure === null ? null : await this.erasures.find(userId, tx);
      if (pending) throw erasurePending(pending);
    }
    // Another person may have asked for the merge. Under the lock of the account, so that none is created meanwhile.
    if ((await this.accountData.objectionsTo('join', tx, loser.userId)).length > 0)
      throw accountError('account.cannot_join');
  }

  /**
   * Locks both accounts. The identity's account may change while waiting for the lock, by another merge.
   * @throws AppError account.nothing_to_merge, account.same_account, session.ended when the caller's account is gone
   */
  private async lockBoth(
    tx: EntityManager,
    caller: MergingSession,
    proof: VerifiedSignIn['proof'],
  ): Promise<ProvenPair> {
    for (let attempt = 0; attempt < MAX_MOVES; attempt += 1) {
      const other = await this.users.findByClaim(proof, tx);
      if (!other) throw accountError('account.nothing_to_merge');
      if (other.userId === caller.userId) throw accountError('account.same_account');
      const pair = await this.merging.lock(tx, caller.userId, other.userId);
      const owner = await this.users.findByClaim(proof, tx);
      if (pair && owner?.userId === other.userId)
        return { ...pair, cap: owner.cap, identityId: owner.identityId };
      if ((await this.users.resolveId(caller.userId, tx)) !== caller.userId)
        throw sessionError('session.ended');
    }
    throw new LostRace();
  }

  /** Checked by counting: no row is lost or duplicated, or the transaction fails. */
  private async move(tx: EntityManager, pair: MergePair): Promise<readonly string[]> {
    const { survivor, loser } = pair;
    await this.accountData.lock(tx, [survivor.userId, loser.userId]);
    const before = await this.accountData.inventory(tx, [survivor.userId, loser.userId]);
    const recorded = await this.journal.prepare(tx, pair);
    const ended: string[] = [];
    const states: Record<string, unknown> = {};
    for (const data of this.accountData.all) {
      const merged = await data.merge?.(tx, pair);
      ended.push(...(merged?.ended ?? []));
      if (data.name !== undefined) states[data.name] = merged?.state;
      for (const each of data.owned ?? []) await moveRows(tx, each, pair);
      await data.merged?.(tx, pair);
    }
    await this.merging.finish(tx, pair, this.clock.now());
    const after = await this.accountData.inventory(tx, [survivor.userId]);
    if (!isDeepStrictEqual(before, after)) throw new Error('the inventory of a merge does not add up');
    await this.journal.write(tx, pair, recorded, states);
    return ended;
  }
}
