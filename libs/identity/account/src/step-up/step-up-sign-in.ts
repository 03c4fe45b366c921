import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor } from '@countersign/audit';
import {
  isOfAllowedBot,
  HooksIntoSignIn,
  type NewSignIn,
  type SignInHook,
  type VerifiedSignIn,
} from '@countersign/auth';
import { Clock } from '@countersign/clock';
import { findAct, type Act } from '@countersign/sessions';
import { IdentitiesService, weakestOf, type FoundUser } from '@countersign/users';
import { foundingEnvironmentOf, trailOf } from '../rules/presented-proof';
import { ActDecisions } from '../rules/act-decisions';
import { Grants } from './grants';
import { codeInStartParam, digestOfCode } from './one-time-code';
import { SignInStepUpResponse } from './step-up-request.dto';
import { StepUpsRepository } from './step-ups.repository';

/**
 * Steps a sign-in up whose start parameter carries a code of the same person. It does nothing more: the act needs a
 * call of its own, with the grant.
 */
@Injectable()
@HooksIntoSignIn({
  property: 'stepUp',
  type: SignInStepUpResponse,
  description:
    'Only at the first use of a proof whose start parameter is `s_` and a code that this person asked for in this ' +
    'application: the act, and the grant for it.',
  codes: [],
})
export class StepUpSignIn implements SignInHook {
  constructor(
    private readonly stepUps: StepUpsRepository,
    private readonly grants: Grants,
    private readonly identities: IdentitiesService,
    private readonly decisions: ActDecisions,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  appliesTo({ proof }: VerifiedSignIn): boolean {
    return codeInStartParam('step-up', proof.startParam) !== null;
  }

  async apply(
    tx: EntityManager,
    signIns: readonly NewSignIn[],
  ): Promise<readonly (SignInStepUpResponse | null)[]> {
    const answers: (SignInStepUpResponse | null)[] = [];
    for (const each of signIns) answers.push(await this.applyOne(tx, each));
    return answers;
  }

  private async applyOne(
    tx: EntityManager,
    { signIn, user, sessionId }: NewSignIn,
  ): Promise<SignInStepUpResponse | null> {
    const code = codeInStartParam('step-up', signIn.proof.startParam);
    if (code === null || sessionId === null) return null;
    if (!(await this.isProofOfPerson(tx, signIn, user.userId))) return null;
    const { id: applicationId } = signIn.application;
    const codeDigest = digestOfCode(code);
    const asked = await this.stepUps.findRequest(tx, codeDigest);
    const act = asked && findAct(asked.act);
    // The person's own launch still finds the code.
    if (!act || !(await this.mayDo(tx, signIn, user, act))) return null;
    const { grant, digest, expiresAt, expiresIn } = this.grants.mint();
    const claimed = await this.stepUps.claim(tx, {
      codeDigest,
      userId: user.userId,
      applicationId,
      sessionId,
      grantDigest: digest,
      grantExpiresAt: expiresAt,
      now: this.clock.now(),
    });
    if (!claimed) return null;
    await this.audit.record(tx, 'session.stepped_up', {
      actor: personActor(user.auditPseudonym),
      applicationId,
      subject: sessionId,
      details: { ...trailOf(signIn.proof), act: act.name },
      event: { userId: user.userId, sessionId, applicationId },
    });
    return { act: act.name, title: act.title, grant, expiresIn };
  }

  /** Accounts of a test environment can be entered at will: they step up only an account that was founded there. */
  private async isProofOfPerson(
    tx: EntityManager,
    { proof }: VerifiedSignIn,
    userId: string,
  ): Promise<boolean> {
    if (proof.environment === 'production') return true;
    return foundingEnvironmentOf(await this.identities.listOf(tx, userId)) === proof.environment;
  }

  /** Whether the session that the sign-in opens reaches the act. */
  private async mayDo(
    tx: EntityManager,
    { proof, application }: VerifiedSignIn,
    { userId, cap }: FoundUser,
    act: Act,
  ): Promise<boolean> {
    const session = {
      userId,
      applicationId: application.id,
      assurance: weakestOf(proof.assurance, cap),
      isOfAllowedBot: isOfAllowedBot(proof),
    };
    return this.decisions.isAtLevel(session, act, tx);
  }
}
