import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HooksIntoSignIn, type NewSignIn, type SignInHook, type VerifiedSignIn } from '@countersign/auth';
import { tokenDigest } from '@countersign/crypto';
import { afterCommit } from '@countersign/database';
import { Acceptances } from './acceptance';
import { SignInInvitationResponse } from '../dto/invitation.response';
import { tokenInStartParam } from '../invitation';
import { InvitationsRepository, type InvitationFacts } from '../store/invitations.repository';

/** Invitations that a start parameter carries: offered, or accepted where the application wants that. */
@Injectable()
@HooksIntoSignIn({
  property: 'invitation',
  type: SignInInvitationResponse,
  description:
    'Only where the start parameter carries an invitation, and at the first use of the proof: offered, accepted ' +
    '(`invitations.acceptAtSignIn` of the application) or refused. The sign-in succeeds in any case.',
  codes: [],
})
export class InvitationSignIn implements SignInHook {
  constructor(
    private readonly acceptances: Acceptances,
    private readonly invitations: InvitationsRepository,
  ) {}

  appliesTo({ proof }: VerifiedSignIn): boolean {
    return tokenInStartParam(proof.startParam) !== null;
  }

  async apply(
    tx: EntityManager,
    entered: readonly NewSignIn[],
  ): Promise<readonly (SignInInvitationResponse | null)[]> {
    // Init data per request is not used up: a person who leaves the team could rejoin with it.
    const presented = entered.flatMap(({ signIn, user, sessionId }) => {
      const token = sessionId === null ? null : tokenInStartParam(signIn.proof.startParam);
      return token === null ? [] : [{ userId: user.userId, tokenDigest: tokenDigest(token) }];
    });
    if (presented.length === 0) return entered.map(() => null);
    const found = await this.invitations.findByTokens(tx, presented);
    const withFacts = entered.map((one, index) => ({
      ...{ one, index },
      facts: found.find(({ userId }) => userId === one.user.userId),
    }));
    // Groups lock teams in one order, so that none waits for another one.
    const inOrder = withFacts.toSorted((a, b) =>
      (a.facts?.teamId ?? '').localeCompare(b.facts?.teamId ?? ''),
    );
    const answers: (SignInInvitationResponse | null)[] = entered.map(() => null);
    for (const { one, index, facts } of inOrder) {
      const answer = one.sessionId === null ? null : await this.answer(tx, one.signIn, facts);
      if (answer) this.count(tx, answer);
      answers[index] = answer;
    }
    return answers;
  }

  /** An offer is accepted or refused later. */
  private count(tx: EntityManager, { outcome, code }: SignInInvitationResponse): void {
    if (outcome === 'offered') return;
    afterCommit(tx, () => {
      this.acceptances.count(outcome === 'accepted' ? 'accepted' : (code ?? 'refused'));
    });
  }

  private async answer(
    tx: EntityManager,
    signIn: VerifiedSignIn,
    found: InvitationFacts | undefined,
  ): Promise<SignInInvitationResponse> {
    const { id: applicationId, settings } = signIn.application;
    if (found?.applicationId !== applicationId)
      return SignInInvitationResponse.ofRefused('invitation.not_found');
    const refusal = this.acceptances.refusalOf(found);
    if (refusal) return SignInInvitationResponse.ofRefused(refusal, found);
    if (!settings.invitations.acceptAtSignIn || found.role === 'admin')
      return SignInInvitationResponse.of('offered', found);
    const acceptance = await this.acceptances.accept(tx, found, 'sign-in');
    return acceptance.outcome === 'accepted'
      ? SignInInvitationResponse.of('accepted', found)
      : SignInInvitationResponse.ofRefused(acceptance.code, found);
  }
}
