import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AppError } from '@countersign/errors';
import { Database, DayPartitions, type Outcome } from '@countersign/database';
import { dpopError, SessionsService, type Principal } from '@countersign/sessions';
import { UsersService, weakestOf, type FoundUser } from '@countersign/users';
import { authError } from '../auth.errors';
import { assertReliable, type VerifiedSignIn } from '../doors/door';
import type { SignInResponse } from '../dto/sign-in.response';
import { FirstProofs } from './first-proofs';
import { neededFields } from '../proof/needed-fields';
import { assertNotOutdated, isOutdated } from '../proof/outdated';
import { ProofsRepository } from '../replay/proofs.repository';
import { Reentries, type Refused } from './reentries';
import { SignInAnswers } from './sign-in-answers';
import { PendingErasures } from './pending-erasures';
import { SignInOpenings, type Entered } from './sign-in-openings';
import { SignInHooks, type Additions } from './sign-in-hooks';

/** What a sign-in answers, and the session that it opened. */
export interface OpenedSession {
  readonly answer: SignInResponse;
  readonly principal: Principal;
}

/** The sign-in service behind every door: one proof, one account, one session, in one transaction. */
@Injectable()
export class SignInService {
  private readonly enterShared: (signIn: VerifiedSignIn) => Promise<Entered | Refused>;

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
    this.enterShared = database.sharedTransactions({
      keyOf: ({ proof: { provider, environment, subject } }) =>
        JSON.stringify([provider, environment, subject]),
      work: async (tx, group, isAlone) => {
        const [first] = group;
        return isAlone && first
          ? [{ status: 'fulfilled', value: await this.enter(tx, first) }]
          : this.enterTogether(tx, group);
      },
    });
  }

  /**
   * @throws AppError auth.proof_used, auth.proof_outdated, user.deactivated, user.erasure_pending,
   * dpop.other_key
   */
  async signIn(signIn: VerifiedSignIn): Promise<SignInResponse> {
    return (await this.open(signIn)).answer;
  }

  /** As `signIn`, with the session, for APIs whose clients get other tokens. */
  async open(signIn: VerifiedSignIn): Promise<OpenedSession> {
    const { proof } = signIn;
    if (proof.madeAt && !proof.lasts) await this.partitions.ensure('proofs', proof.madeAt);
    const outcome = await this.admit(signIn);
    // Thrown after the commit: the owner's notice must be stored.
    if (outcome.kind === 'other-key') throw dpopError('dpop.other_key');
    const { issued, principal, isNewUser, outdated, isErasureCancelled, additions } = outcome;
    this.sessions.forget(outdated);
    const { deviceKeyThumbprint } = signIn;
    const answer = await this.answers.of(issued, {
      principal,
      deviceKeyThumbprint,
      isNewUser,
      startParam: proof.startParam,
      isErasureCancelled,
      additions,
    });
    return { answer, principal };
  }

  /** Ordinary sign-ins share transactions; those that need more do not. */
  private async admit(signIn: VerifiedSignIn): Promise<Entered | Refused> {
    if (signIn.spend === null && signIn.codeIssuedAt === null) return this.enterShared(signIn);
    try {
      return await this.database.transaction((tx) => this.enter(tx, signIn));
    } catch (error) {
      if (error instanceof AppError && error.code === 'auth.code_used') await signIn.onReuse?.();
      throw error;
    }
  }

  /** Known and unchanged or new users, with proofs that were never used. */
  private async enterTogether(
    tx: EntityManager,
    group: readonly VerifiedSignIn[],
  ): Promise<readonly Outcome<Entered | Refused>[]> {
    const users = await this.users.findOrCreateFreely(
      tx,
      group.map(({ proof, application }) => ({ claim: proof, needed: neededFields(application) })),
    );
    const admissible = group.flatMap((signIn, index) => {
      const user = users[index];
      // A sign-in that is left out is repeated on its own, which gives the error.
      const isAdmissible =
        user && !isOutdated(signIn.proof.madeAt, user.authNotBefore) && isReliable(signIn, user);
      return isAdmissible ? [{ signIn, user, draft: this.sessions.draft() }] : [];
    });
    const concerned = await this.hooks.concernedOf(tx, admissible);
    const refusals = await this.hooks.admit(tx, concerned);
    const found = admissible.filter(({ signIn }) => !refusals.has(signIn));
    const isFirstUse = await this.proofs.claimAll(
      tx,
      found.map(({ signIn: { proof }, user, draft }) => ({
        proof,
        answer: this.reentries.toAnswer(proof, draft.sessionId, draft.pair, user.isNew),
      })),
    );
    const entering = found.filter((_, index) => isFirstUse[index]);
    // Do not keep a user created for a proof that opens no session, such as that of an identity unlinked
    // since.
    const refused = admissible.filter((each) => each.user.isNew && !entering.includes(each));
    await this.users.unmake(
      tx,
      refused.map(({ user }) => user),
    );
    const opened = await this.openings.openAll(tx, entering);
    const entered = new Map(opened.map((outcome, index) => [entering[index]?.signIn, outcome]));
    const additions = await this.hooks.enter(
      tx,
      concerned.filter(({ signIn }) => entered.has(signIn)),
    );
    return group.map((signIn) => {
      const outcome = entered.get(signIn);
      return outcome ? { status: 'fulfilled', value: withAdditions(outcome, additions.get(signIn)) } : null;
    });
  }

  private async enter(tx: EntityManager, signIn: VerifiedSignIn): Promise<Entered | Refused> {
    const { proof, application, spend, codeIssuedAt } = signIn;
    await spend?.(tx);
    const draft = this.sessions.draft();
    const user = await this.users.findOrCreate(tx, proof, neededFields(application));
    const erasure = await this.erasures.judge(tx, user, signIn);
    // All sessions were ended before the code was exchanged: it must not open a new one.
    if (codeIssuedAt && user.authNotBefore && codeIssuedAt < user.authNotBefore)
      throw authError('auth.proof_outdated');
    assertNotOutdated(proof.madeAt, user.authNotBefore);
    assertReliable(application, { assurance: weakestOf(proof.assurance, user.cap) });
    const answer = this.reentries.toAnswer(proof, draft.sessionId, draft.pair, user.isNew);
    const isFirstUse = await this.proofs.claim(tx, proof, answer);
    if (!isFirstUse) return this.reentries.reenter(tx, { signIn, user, draft });
    const concerned = await this.hooks.concernedOf(tx, [{ signIn, user, draft }]);
    const refusal = (await this.hooks.admit(tx, concerned)).get(signIn);
    if (refusal) throw refusal;
    if (erasure) await this.erasures.cancel(tx, user, signIn);
    const outranked = await this.firstProofs.settle(tx, user, proof);
    const opened = await this.openings.open(tx, { signIn, user, draft });
    const entered = withAdditions(opened, (await this.hooks.enter(tx, concerned)).get(signIn));
    const isErasureCancelled = erasure !== null;
    return { ...entered, outdated: [...entered.outdated, ...outranked], isErasureCancelled };
  }
}

function withAdditions(entered: Entered, additions: Additions | undefined): Entered {
  return additions ? { ...entered, additions } : entered;
}

/** Whether the application may rely on the proof, up to the cap of its identity. */
function isReliable({ application, proof }: VerifiedSignIn, { cap }: FoundUser): boolean {
  return application.trust === 'first-party' || weakestOf(proof.assurance, cap) === 'platform';
}
