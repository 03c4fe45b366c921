import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HooksIntoSignIn, type NewSignIn, type SignInHook, type VerifiedSignIn } from '@countersign/auth';
import { Clock } from '@countersign/clock';
import { accountActs } from '../rules/account-acts';
import { Grants } from '../step-up/grants';
import { codeInStartParam, digestOfCode } from '../step-up/one-time-code';
import { SignInJoinResponse } from './join.dto';
import { JoinsRepository } from './joins.repository';

/** Lets a sign-in answer a request to join, in a call of its own: the launch alone accepts nothing. */
@Injectable()
@HooksIntoSignIn({
  property: 'join',
  type: SignInJoinResponse,
  description:
    'Only at the first use of a proof whose start parameter is `j_` and the code of an open request to join: the grant ' +
    'to accept it.',
  codes: [],
})
export class JoinSignIn implements SignInHook {
  constructor(
    private readonly joins: JoinsRepository,
    private readonly grants: Grants,
    private readonly clock: Clock,
  ) {}

  appliesTo({ proof }: VerifiedSignIn): boolean {
    return codeInStartParam('join', proof.startParam) !== null;
  }

  async apply(
    tx: EntityManager,
    signIns: readonly NewSignIn[],
  ): Promise<readonly (SignInJoinResponse | null)[]> {
    const answers: (SignInJoinResponse | null)[] = [];
    for (const each of signIns) answers.push(await this.applyOne(tx, each));
    return answers;
  }

  private async applyOne(
    tx: EntityManager,
    { signIn, user, sessionId }: NewSignIn,
  ): Promise<SignInJoinResponse | null> {
    const code = codeInStartParam('join', signIn.proof.startParam);
    if (code === null || sessionId === null) return null;
    const codeDigest = digestOfCode(code);
    const asked = await this.joins.findOpen(tx, codeDigest, this.clock.now());
    if (!asked || asked.askingUserId === user.userId) return null;
    const act = accountActs['account.accept_join'];
    const { grant, expiresIn } = await this.grants.issue(tx, sessionId, { act, requestDigest: codeDigest });
    return { code, grant, expiresIn };
  }
}
