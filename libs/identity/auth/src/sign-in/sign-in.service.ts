import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AppError } from '@countersign/text';
import { Database, DayPartitions, waitsForLocks } from '@countersign/database';
import { dpopError, SessionsService, type Principal } from '@countersign/sessions';
import { UsersService, weakestOf, type Erasure, type FoundUser } from '@countersign/users';
import { authError } from '../auth.errors';
import { assertReliable, type VerifiedSignIn } from '../doors/door';
import type { SignInResponse } from '../dto/sign-in.response';
import { FirstProofs, SignInOpenings, type OpenedSignIn, type SignInOpening } from './sign-in-openings';
import { neededFields, assertNotOutdated } from '../proof/verified-proof';
import { ProofsRepository, type ProofUse } from '../replay/proofs.repository';
import { Reentries, type Refused } from './reentries';
import { SignInAnswers } from './sign-in-answers';
import { PendingErasures } from './pending-erasures';
import { SignInHooks } from './sign-in-hooks';

export interface OpenedSession {
  readonly answer: SignInResponse;
  readonly principal: Principal;
}

interface CheckedSignIn extends SignInOpening, ProofUse {
  readonly erasure: Erasure | null;
}

type Outcome = OpenedSignIn | Refused;

/** One proof, one account, one session, in one transaction: the service behind every door. */
@Injectable()
export class SignInService {
  private readonly openShared: (signIn: VerifiedSignIn) => Promise<Outcome>;

  constructor(
    private readonly database: Database,
    private readonly partitions: DayPartitions,
    private readonly proofs: ProofsRepository,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly openings: SignInOpenings,
    private readonly firstProofs: FirstProofs,
    private readonly erasures: PendingErasures,
    private readonly hooks: SignInHooks,
    private readonly answers: SignInAnswers,
    private readonly reentries: Reentries,
  ) {
    this.openShared = database.sharedTransactions({
      keyOf: ({ proof: { provider, environment, subject } }) =>
        JSON.stringify([provider, environment, subject]),
      work: async (tx, group) => {
        const outcomes = await this.openAll(tx, group);
        return group.map((signIn) => {
          const value = outcomes.get(signIn);
          return value ? { status: 'fulfilled', value } : null;
        });
      },
    });
  }

  async signIn(signIn: VerifiedSignIn): Promise<SignInResponse> {
    return (await this.open(signIn)).answer;
  }

  /** Like `signIn`, with the session, for APIs whose clients get other tokens. */
  async open(signIn: VerifiedSignIn): Promise<OpenedSession> {
    const { proof } = signIn;
    if (proof.madeAt && !proof.lasts) await this.partitions.ensure('proofs', proof.madeAt);
    const isOrdinary = !signIn.consume && !signIn.codeIssuedAt;
    const outcome = await (isOrdinary ? this.openShared(signIn) : this.openAlone(signIn));
    // Thrown after the commit, because the owner's notice must be stored.
    if (outcome.kind === 'other-key') throw dpopError('dpop.other_key');
    const { startParam } = proof;
    const answer = await this.answers.of({
      ...outcome,
      isBound: signIn.deviceKeyThumbprint !== undefined,
      startParam,
    });
    return { answer, principal: outcome.principal };
  }

  private async openAlone(signIn: VerifiedSignIn): Promise<Outcome> {
    try {
      const outcomes = await this.database.transaction((tx) => this.openAll(tx, [signIn]));
      const outcome = outcomes.get(signIn);
      if (!outcome) throw new Error('a sign-in that was alone has no outcome');
      return outcome;
    } catch (error) {
      if (error instanceof AppError && error.code === 'auth.code_used') await signIn.onReuse?.();
      throw error;
    }
  }

  /**
   * @param signIns one sign-in, or sign-ins of different people in a transaction that skips locked rows
   * @returns no outcome for a sign-in that has to run alone: to wait, to change its user, or to be refused
   */
  private async openAll(
    tx: EntityManager,
    signIns: readonly VerifiedSignIn[],
  ): Promise<ReadonlyMap<VerifiedSignIn, Outcome>> {
    const isAlone = waitsForLocks(tx);
    const checked = await this.findAndCheck(tx, signIns);
    const matching = await this.hooks.matchingOf(tx, checked);
    const refusals = await this.hooks.check(tx, matching);
    const wanted = isAlone ? checked : checked.filter(({ signIn }) => !refusals.has(signIn));
    const opening = await this.proofs.claim(tx, wanted);
    const [only] = checked;
    if (isAlone && only) {
      if (opening.length === 0) return new Map([[only.signIn, await this.reentries.reenter(tx, only)]]);
      for (const refusal of refusals.values()) throw refusal;
    }
    // Do not keep a user whose proof opens no session, for example because its identity was unlinked.
    const unwanted = checked.filter((each) => each.user.isNew && !opening.includes(each));
    const unwantedUsers = unwanted.map(({ user }) => user);
    await this.users.unmake(tx, unwantedUsers);
    for (const { signIn, user, erasure } of opening) {
      if (erasure) await this.erasures.cancel(tx, user, signIn);
      await this.firstProofs.apply(tx, user, user, signIn.proof);
    }
    const opened = await this.openings.open(tx, opening);
    const openedNow = new Set(opening.map(({ signIn }) => signIn));
    const additions = await this.hooks.apply(
      tx,
      matching.filter(({ signIn }) => openedNow.has(signIn)),
    );
    return new Map(
      opened.map(({ opening: { signIn, erasure }, outcome }) => [
        signIn,
        { ...outcome, isErasureCancelled: erasure !== null, additions: additions.get(signIn) },
      ]),
    );
  }

  private async findAndCheck(
    tx: EntityManager,
    signIns: readonly VerifiedSignIn[],
  ): Promise<readonly CheckedSignIn[]> {
    for (const { consume } of signIns) await consume?.(tx);
    const wanted = signIns.map((signIn) => ({
      signIn,
      claim: signIn.proof,
      needed: neededFields(signIn.application),
    }));
    const checked: CheckedSignIn[] = [];
    for (const [{ signIn }, user] of await this.users.findOrCreate(tx, wanted)) {
      try {
        checked.push(await this.check(tx, signIn, user));
      } catch (error) {
        if (waitsForLocks(tx) || !(error instanceof AppError)) throw error;
        if (user.isNew) await this.users.unmake(tx, [user]);
      }
    }
    return checked;
  }

  private async check(tx: EntityManager, signIn: VerifiedSignIn, user: FoundUser): Promise<CheckedSignIn> {
    const { proof, application, codeIssuedAt } = signIn;
    const erasure = await this.erasures.check(tx, user, signIn);
    // All sessions were ended before the code was exchanged, so it must not open a new one.
    if (codeIssuedAt && user.authNotBefore && codeIssuedAt < user.authNotBefore)
      throw authError('auth.proof_outdated');
    assertNotOutdated(proof.madeAt, user.authNotBefore);
    assertReliable(application, { assurance: weakestOf(proof.assurance, user.cap) });
    const newSession = this.sessions.newSession();
    const answer = this.reentries.toAnswer(proof, newSession.sessionId, newSession.pair, user.isNew);
    return { signIn, proof, user, newSession, answer, erasure };
  }
}
