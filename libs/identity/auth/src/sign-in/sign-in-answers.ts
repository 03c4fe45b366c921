import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '@countersign/applications';
import {
  grantedTo,
  IdentityTokens,
  identityTokenSettings,
  type IssuedPair,
  pairOf,
  type Principal,
  type Session,
  sessionError,
  TokenInspector,
  toPrincipal,
} from '@countersign/sessions';
import { Logger } from '@countersign/runtime';
import { NOTHING_ELSE, type OpenedSignIn } from './sign-in-openings';
import type { SignInResponse } from '../dto/sign-in.response';

interface SignedIn extends Omit<OpenedSignIn, 'kind'> {
  readonly isBound: boolean;
  readonly startParam: string | null;
}

@Injectable()
export class SignInAnswers {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly identityTokens: IdentityTokens,
    private readonly inspector: TokenInspector,
    private readonly logger: Logger,
  ) {}

  async of(signedIn: SignedIn): Promise<SignInResponse> {
    const { issued, principal, isBound, isNewUser, startParam, additions } = signedIn;
    const identityToken = await this.identityTokenFor(principal, issued.accessExpiresAt);
    return {
      ...additions,
      tokenType: isBound ? 'DPoP' : 'Bearer',
      accessToken: issued.accessToken,
      refreshToken: issued.refreshToken,
      sessionId: issued.sessionId,
      expiresIn: issued.expiresIn,
      refreshExpiresIn: issued.refreshExpiresIn,
      userId: principal.userId,
      isNewUser,
      assurance: principal.assurance,
      startParam,
      ...(signedIn.isErasureCancelled ? { erasureCancelled: true } : {}),
      ...(identityToken === undefined ? {} : { identityToken }),
    };
  }

  /** Answers a refresh. Services verify an identity token without a call here, so with one the pair counts as used. */
  async ofSession(session: Session, issued: IssuedPair): Promise<SignInResponse> {
    const principal = toPrincipal(session);
    if (!principal) throw sessionError('session.ended');
    const answer = await this.of({
      ...NOTHING_ELSE,
      issued,
      principal,
      isBound: session.deviceKeyThumbprint !== null,
      startParam: null,
    });
    if (answer.identityToken !== undefined)
      await this.inspector.findForPair(session.id, pairOf(answer.refreshToken));
    return answer;
  }

  /** The pair is valid already, so a failure to issue an identity token must not lose it. */
  private async identityTokenFor(principal: Principal, notAfter: Date): Promise<string | undefined> {
    try {
      const application = await this.applications.getById(principal.applicationId);
      if (!identityTokenSettings.of(application.settings).inAnswers) return undefined;
      return await this.identityTokens.issue(
        grantedTo(principal, application),
        principal.applicationId,
        notAfter,
      );
    } catch (error) {
      this.logger.warn({ err: error }, 'an answer goes out without its identity token');
      return undefined;
    }
  }
}
