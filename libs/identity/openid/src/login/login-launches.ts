import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { codeInStartParam } from '@countersign/account';
import {
  HooksIntoSignIn,
  oneByOne,
  type NewSignIn,
  type SignInHook,
  type VerifiedSignIn,
} from '@countersign/auth';
import { LoginLaunchResponse } from './login-request.dto';
import { LoginRequests } from './login-requests';

/** Lets a launch answer the browser whose link opened it. The launch alone accepts nothing: this needs another call. */
@Injectable()
@HooksIntoSignIn({
  property: 'login',
  type: LoginLaunchResponse,
  description:
    'Only at the first use of a proof whose start parameter is `o_` and the code of a browser that waits.',
  codes: [],
})
export class LoginLaunches implements SignInHook {
  constructor(private readonly requests: LoginRequests) {}

  appliesTo({ proof }: VerifiedSignIn): boolean {
    return codeInStartParam('login', proof.startParam) !== null;
  }

  apply(
    tx: EntityManager,
    signIns: readonly NewSignIn[],
  ): Promise<ReadonlyMap<NewSignIn, LoginLaunchResponse>> {
    return oneByOne(signIns, async ({ signIn, user, sessionId }) => {
      const code = codeInStartParam('login', signIn.proof.startParam);
      const launch = { applicationId: signIn.application.id, userId: user.userId, sessionId };
      return code !== null && (await this.requests.launched(tx, code, launch)) ? { code } : null;
    });
  }
}
