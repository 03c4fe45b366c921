import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { equalsConstantTime, KeyRing, lengthPrefixed, sha256 } from '@countersign/crypto';
import { AppError } from '@countersign/errors';
import { Database, DayPartitions, LostRace, type Outcome } from '@countersign/database';
import {
  dpopError,
  lastProofOf,
  openAnsweredPair,
  openPair,
  sealAnsweredPair,
  SessionsService,
  toPrincipal,
  type Principal,
  type SessionDraft,
  type TokenPair,
} from '@countersign/sessions';
import { UsersService, weakestOf, type FoundUser } from '@countersign/users';
import { authError } from '../auth.errors';
import { assertReliable, type VerifiedSignIn } from '../doors/door';
import type { SignInResponse } from '../dto/sign-in.response';
import { FirstProofs } from './first-proofs';
import { neededFields } from '../proof/needed-fields';
import { assertNotOutdated, isOutdated } from '../proof/outdated';
import { ProofsRepository, type AnsweredProof } from '../replay/proofs.repository';
import { isRepeatable, reentryOf } from '../replay/reentry.rule';
import { SignInAnswers } from './sign-in-answers';
import { PendingErasures } from './pending-erasures';
import { Unlinkings } from './unlinkings';
import { eventOf, SignInOpenings, type Entered } from './sign-in-openings';
import { SignInHooks, type Additions } from './sign-in-hooks';
import type { VerifiedProof } from '../proof/verified-proof';

/** The session's proof was presented without its device key. */
interface Refused {
  readonly kind: 'other-key';
}

/** What a sign-in answers, and the session that it opened. */
export interface OpenedSession {
  readonly answer: SignInResponse;
  readonly principal: Principal;
}

/** A sign-in is no use inside a session. */
const NO_USE = Buffer.alloc(0);

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
    private readonly unlinkings: Unlinkings,
    private readonly hooks: SignInHooks,
    private readonly answers: SignInAnswers,
    private readonly audit: AuditService,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
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
    await this.audit.prepare();
    if (proof.madeAt) await this.partitions.ensure('proofs', proof.madeAt);
    const outcome = await this.unlinkings.around(() => this.admit(signIn));
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
    const isPlain =
      signIn.spend === null &&
      signIn.codeIssuedAt === null &&
      signIn.proof.alias === null &&
      !this.hooks.standAlone(signIn);
    if (isPlain) return this.enterShared(signIn);
    try {
      const turn = this.hooks.turnOf(signIn);
      const work = (tx: EntityManager): Promise<Entered | Refused> => this.enter(tx, signIn);
      return await (turn === null
        ? this.database.transaction(work)
        : this.database.transactionInTurn(turn, work));
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
        answer: this.toAnswer(proof, draft.sessionId, draft.pair, user.isNew),
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
    this.unlinkings.assertThere(user);
    const erasure = await this.erasures.judge(tx, user, signIn);
    // All sessions were ended before the code was exchanged: it must not open a new one.
    if (codeIssuedAt && user.authNotBefore && codeIssuedAt < user.authNotBefore)
      throw authError('auth.proof_outdated');
    assertNotOutdated(proof.madeAt, user.authNotBefore);
    assertReliable(application, { assurance: weakestOf(proof.assurance, user.cap) });
    const answer = this.toAnswer(proof, draft.sessionId, draft.pair, user.isNew);
    const isFirstUse = await this.proofs.claim(tx, proof, answer);
    if (!isFirstUse) return this.reenter(tx, signIn, user, draft);
    const concerned = await this.hooks.concernedOf(tx, [{ signIn, user, draft }]);
    const refusal = (await this.hooks.admit(tx, concerned)).get(signIn);
    if (refusal) throw refusal;
    if (erasure) await this.erasures.cancel(tx, user, signIn);
    await this.unlinkings.cancelBy(tx, user, application.id);
    const outranked = await this.firstProofs.settle(tx, user, proof);
    const opened = await this.openings.open(tx, { signIn, user, draft });
    const entered = withAdditions(opened, (await this.hooks.enter(tx, concerned)).get(signIn));
    const isErasureCancelled = erasure !== null;
    return { ...entered, outdated: [...entered.outdated, ...outranked], isErasureCancelled };
  }

  private async reenter(
    tx: EntityManager,
    signIn: VerifiedSignIn,
    user: FoundUser,
    draft: SessionDraft,
  ): Promise<Entered | Refused> {
    const { proof, application, deviceKeyThumbprint } = signIn;
    const answered = await this.proofs.lock(tx, proof);
    if (!answered) throw new LostRace();
    const session = await this.sessions.lockById(tx, answered.sessionId);
    const isUndated = proof.madeAt === null;
    const presenter = {
      userId: user.userId,
      applicationId: application.id,
      door: proof.door,
      isUndated,
      deviceKeyThumbprint,
      isKeyRequired: application.settings.deviceKey.required,
    };
    const pair = await this.openAnswer(tx, proof, answered);
    const isCurrent = session !== null && pair !== null && this.sessions.isCurrent(session, pair);
    const reentry = reentryOf(session, presenter, { at: answered.issuedAt, isCurrent }, this.clock.now());

    if (reentry === 'refuse') throw authError('auth.proof_used');
    if (reentry === 'not-bound') throw dpopError('dpop.session_not_bound');
    if (reentry === 'follow') {
      if (session) await this.sessions.end(tx, [session.id], 'idle');
      const outcome = await this.openings.open(tx, { signIn, user, draft });
      await this.proofs.answer(tx, proof, this.toAnswer(proof, draft.sessionId, draft.pair, false));
      return outcome;
    }
    const principal = session && toPrincipal({ ...session, authenticatedAt: lastProofOf(session) });
    if (!session || !principal) throw authError('auth.proof_used');
    if (reentry === 'other-key') {
      if (await this.sessions.noteRefusedReentry(tx, session))
        await this.audit.record(tx, 'session.reentry_refused', eventOf(signIn, user, session.id));
      return { kind: 'other-key' };
    }
    if (reentry === 'repeat' && pair) {
      const issued = this.sessions.toIssued(session, pair);
      const { isNewUser } = answered;
      return {
        kind: 'entered',
        issued,
        principal,
        isNewUser,
        outdated: [],
        isErasureCancelled: false,
      };
    }
    const reenteredAt = this.clock.now();
    const issued = await this.sessions.renew(tx, session, deviceKeyThumbprint, reenteredAt);
    await this.proofs.answer(tx, proof, this.toAnswer(proof, session.id, issued, false));
    await this.audit.record(tx, 'session.reentered', eventOf(signIn, user, session.id));
    const reentered = { ...principal, authenticatedAt: reenteredAt };
    return {
      kind: 'entered',
      issued,
      principal: reentered,
      isNewUser: false,
      outdated: [session.id],
      isErasureCancelled: false,
    };
  }

  /**
   * The pair of an answer, as long as it may be repeated; `null` afterwards.
   * @throws AppError auth.proof_used when the proof was used up for another act, or another holder of the
   * bot's token signed the same fields again
   */
  private async openAnswer(
    tx: EntityManager,
    { secret }: VerifiedProof,
    answered: AnsweredProof,
  ): Promise<TokenPair | null> {
    const { sessionId, secretDigest, issuedAt } = answered;
    if (secretDigest === null) {
      // Of a replica of the previous version, or of no sign-in.
      const pair = openPair(secret, sessionId, answered.pair);
      if (!pair) throw authError('auth.proof_used');
      return pair;
    }
    if (!equalsConstantTime(secretDigest, digestOfSecret(secret))) throw authError('auth.proof_used');
    if (!isRepeatable(issuedAt, this.clock.now())) return null;
    const sealed = answered.answeredPair ?? (await this.proofs.findPair(tx, answered));
    return sealed && openAnsweredPair(this.keyRing, secret, sessionId, sealed);
  }

  private toAnswer(
    proof: VerifiedProof,
    sessionId: string,
    pair: { readonly accessToken: string; readonly refreshToken: string },
    isNewUser: boolean,
  ): AnsweredProof {
    return {
      sessionId,
      issuedAt: this.clock.now(),
      pair: NO_USE,
      isNewUser,
      secretDigest: digestOfSecret(proof.secret),
      answeredPair: sealAnsweredPair(this.keyRing, proof.secret, sessionId, pair),
    };
  }
}

function withAdditions(entered: Entered, additions: Additions | undefined): Entered {
  return additions ? { ...entered, additions } : entered;
}

function digestOfSecret(secret: Buffer): Buffer {
  return sha256(lengthPrefixed(['countersign/proof-secret/v1', secret]));
}

/** Whether the application may rely on the proof, up to the cap of its identity. */
function isReliable({ application, proof }: VerifiedSignIn, { cap }: FoundUser): boolean {
  return application.trust === 'first-party' || weakestOf(proof.assurance, cap) === 'platform';
}
