import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Application, DataNeed } from '@countersign/applications';
import { AuditService, personActor, type AuditAction } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database, DayPartitions, LostRace, together } from '@countersign/database';
import {
  dpopError,
  openPair,
  sealPair,
  SessionsService,
  type IssuedPair,
  type Principal,
  type Session,
  type SessionDraft,
} from '@countersign/sessions';
import { UsersService, type FoundUser, type ProfileField } from '@countersign/users';
import { authError } from './auth.errors';
import type { VerifiedSignIn } from './doors/door';
import type { SignInResponse } from './dto/sign-in.response';
import { ProofsRepository, type AnsweredProof } from './proofs.repository';
import { reentryOf } from './reentry.rule';
import { SignInAnswers } from './sign-in-answers';
import type { VerifiedProof } from './verified-proof';

interface Outcome {
  readonly kind: 'entered';
  readonly issued: IssuedPair;
  readonly principal: Principal;
  readonly isNewUser: boolean;
  /** Sessions whose tokens this sign-in has ended. */
  readonly outdated: readonly string[];
}

/** Somebody without the session's device key presented its proof. */
interface KeptOut {
  readonly kind: 'other-key';
}

const fieldsOfNeed: Record<DataNeed, readonly ProfileField[]> = {
  name: ['firstName', 'lastName'],
  username: ['username'],
  photo: ['photoUrl'],
  language: ['languageCode'],
  phone: ['phoneNumber'],
};

/**
 * The profile fields that an application may keep and see. A phone number is given to the operator's own applications:
 * nobody who shared it with one of them meant a third party too.
 */
export function neededFields({ trust, settings }: Application): ReadonlySet<ProfileField> {
  const needs = settings.dataNeeds.filter((need) => trust === 'first-party' || need !== 'phone');
  return new Set(needs.flatMap((need) => fieldsOfNeed[need]));
}

/** The hall behind every door: one proof, one account, one session, in one transaction. */
@Injectable()
export class SignInService {
  constructor(
    private readonly database: Database,
    private readonly partitions: DayPartitions,
    private readonly proofs: ProofsRepository,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly answers: SignInAnswers,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError auth.proof_used, auth.proof_outdated, user.deactivated, dpop.other_key */
  async signIn(signIn: VerifiedSignIn): Promise<SignInResponse> {
    const { proof } = signIn;
    await this.audit.prepare();
    if (proof.madeAt) await this.partitions.ensure('proofs', proof.madeAt);
    const outcome = await this.database.transaction((tx) => this.enter(tx, signIn));
    // Thrown after the commit: what the owner is told must stay.
    if (outcome.kind === 'other-key') throw dpopError('dpop.other_key');
    const { issued, principal, isNewUser, outdated } = outcome;
    this.sessions.forget(outdated);
    const { deviceKeyThumbprint } = signIn;
    return this.answers.of(issued, {
      principal,
      deviceKeyThumbprint,
      isNewUser,
      startParam: proof.startParam,
    });
  }

  private async enter(tx: EntityManager, signIn: VerifiedSignIn): Promise<Outcome | KeptOut> {
    const { proof, application, spend, codeIssuedAt } = signIn;
    await spend?.(tx);
    const draft = this.sessions.draft();
    const [user, isFirstUse] = await together(
      this.users.findOrCreate(tx, proof, neededFields(application)),
      this.proofs.claim(tx, proof, this.toAnswer(proof, draft.sessionId, draft.pair)),
    );
    // All sessions were ended while the code waited: one of them would open a moment later.
    if (codeIssuedAt && user.authNotBefore && codeIssuedAt < user.authNotBefore)
      throw authError('auth.proof_outdated');
    return isFirstUse ? this.open(tx, signIn, user, draft) : this.reenter(tx, signIn, user, draft);
  }

  private async reenter(
    tx: EntityManager,
    signIn: VerifiedSignIn,
    user: FoundUser,
    draft: SessionDraft,
  ): Promise<Outcome | KeptOut> {
    const { proof, application, deviceKeyThumbprint } = signIn;
    const answered = await this.proofs.lock(tx, proof);
    if (!answered) throw new LostRace();
    const session = await this.sessions.lockById(tx, answered.sessionId);
    const isUndated = proof.madeAt === null;
    const presenter = {
      userId: user.userId,
      applicationId: application.id,
      isUndated,
      deviceKeyThumbprint,
      isKeyRequired: application.settings.deviceKey.required,
    };
    const pair = openPair(proof.secret, answered.sessionId, answered.pair);
    // What stays closed: the proof was used up for another act, or the same fields were signed again, by somebody who
    // holds the bot's token.
    if (!pair) throw authError('auth.proof_used');
    const isCurrent = session !== null && this.sessions.isCurrent(session, pair);
    const reentry = reentryOf(session, presenter, { at: answered.issuedAt, isCurrent }, this.clock.now());

    if (reentry === 'refuse') throw authError('auth.proof_used');
    if (reentry === 'not-bound') throw dpopError('dpop.session_not_bound');
    if (reentry === 'follow') {
      if (session) await this.sessions.end(tx, [session.id], 'idle');
      const outcome = await this.open(tx, signIn, user, draft);
      await this.proofs.answer(tx, proof, this.toAnswer(proof, draft.sessionId, draft.pair));
      return outcome;
    }
    if (!session) throw authError('auth.proof_used');
    if (reentry === 'other-key') {
      await this.sessions.noteRefusedReentry(tx, session.id);
      await this.record(tx, 'session.reentry_refused', signIn, user, session.id);
      return { kind: 'other-key' };
    }
    if (reentry === 'repeat') {
      const issued = this.sessions.toIssued(session, pair);
      const { isNewUser } = answered;
      return { kind: 'entered', issued, principal: principalOf(session, user), isNewUser, outdated: [] };
    }
    const issued = await this.sessions.renew(tx, session, deviceKeyThumbprint);
    await this.proofs.answer(tx, proof, this.toAnswer(proof, session.id, issued));
    await this.record(tx, 'session.reentered', signIn, user, session.id);
    const principal = principalOf(session, user);
    return { kind: 'entered', issued, principal, isNewUser: false, outdated: [session.id] };
  }

  private async open(
    tx: EntityManager,
    signIn: VerifiedSignIn,
    user: FoundUser,
    draft: SessionDraft,
  ): Promise<Outcome> {
    const { proof, application, deviceName, deviceKeyThumbprint } = signIn;
    const opening = this.sessions.open(tx, draft, {
      applicationId: application.id,
      userId: user.userId,
      identityId: user.identityId,
      botRowId: proof.botRowId,
      assurance: proof.assurance,
      scopes: application.settings.scopes,
      deviceKeyThumbprint,
      policy: application.settings.session,
      deviceName,
      dataKey: user.dataKey,
    });
    const [{ issued, evicted }] = await together(
      opening,
      this.record(tx, user.isNew ? 'user.created' : 'session.opened', signIn, user, draft.sessionId),
      user.isNew ? this.proofs.noteNewUser(tx, proof) : Promise.resolve(),
    );
    await this.audit.recordAll(
      tx,
      'session.ended',
      evicted.map((id) => ({
        actor: 'system',
        applicationId: application.id,
        subject: id,
        details: { reason: 'evicted' },
      })),
    );
    const principal = principalOf(
      {
        id: draft.sessionId,
        applicationId: application.id,
        assurance: proof.assurance,
        scopes: application.settings.scopes,
      },
      user,
    );
    return { kind: 'entered', issued, principal, isNewUser: user.isNew, outdated: evicted };
  }

  private toAnswer(
    proof: VerifiedProof,
    sessionId: string,
    pair: { readonly accessToken: string; readonly refreshToken: string },
  ): AnsweredProof {
    return {
      sessionId,
      issuedAt: this.clock.now(),
      pair: sealPair(proof.secret, sessionId, pair),
      isNewUser: false,
    };
  }

  private async record(
    tx: EntityManager,
    action: AuditAction,
    { proof, application }: VerifiedSignIn,
    user: FoundUser,
    sessionId: string,
  ): Promise<void> {
    await this.audit.record(tx, action, {
      actor: personActor(user.auditPseudonym),
      applicationId: application.id,
      subject: sessionId,
      details: {
        provider: proof.provider,
        environment: proof.environment,
        assurance: proof.assurance,
        ...(proof.botId === null ? {} : { botId: proof.botId }),
      },
    });
  }
}

function principalOf(
  { id, applicationId, assurance, scopes }: Pick<Session, 'id' | 'applicationId' | 'assurance' | 'scopes'>,
  { userId, identityId }: FoundUser,
): Principal {
  return { sessionId: id, userId, applicationId, identityId, assurance, scopes };
}
