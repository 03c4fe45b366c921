import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HooksIntoSignIn, type NewSignIn, type SignInHook, type VerifiedSignIn } from '@countersign/auth';
import { Clock } from '@countersign/clock';
import { tokenDigest } from '@countersign/crypto';
import { SignInInvitationResponse } from '../dto/invitation.response';
import { refusalOf, tokenInStartParam } from '../invitation';
import { InvitationsRepository, type InvitationFacts } from '../store/invitations.repository';

/** Offers the invitations that start parameters carry. */
@Injectable()
@HooksIntoSignIn({
  property: 'invitation',
  type: SignInInvitationResponse,
  description:
    'Only where the start parameter carries an invitation, and at the first use of the proof: offered or refused. The ' +
    'sign-in succeeds in any case.',
  codes: [],
})
export class InvitationSignIn implements SignInHook {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly clock: Clock,
  ) {}

  appliesTo({ proof }: VerifiedSignIn): boolean {
    return tokenInStartParam(proof.startParam) !== null;
  }

  async apply(
    tx: EntityManager,
    entered: readonly NewSignIn[],
  ): Promise<readonly (SignInInvitationResponse | null)[]> {
    const presented = entered.flatMap(({ signIn, user: { userId }, sessionId }) => {
      const token = sessionId === null ? null : tokenInStartParam(signIn.proof.startParam);
      return token === null ? [] : [{ userId, tokenDigest: tokenDigest(token) }];
    });
    if (presented.length === 0) return entered.map(() => null);
    const found = await this.invitations.findByTokens(tx, presented);
    return entered.map(({ signIn, user, sessionId }) =>
      sessionId === null
        ? null
        : this.answer(
            signIn,
            found.find(({ userId }) => userId === user.userId),
          ),
    );
  }

  private answer(
    { application }: VerifiedSignIn,
    found: InvitationFacts | undefined,
  ): SignInInvitationResponse {
    if (found?.applicationId !== application.id)
      return SignInInvitationResponse.ofRefused('invitation.not_found');
    const refusal = refusalOf(found, this.clock.now());
    return refusal
      ? SignInInvitationResponse.ofRefused(refusal, found)
      : SignInInvitationResponse.ofOffered(found);
  }
}
