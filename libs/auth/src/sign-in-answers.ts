import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '@countersign/applications';
import { Clock, plusSeconds } from '@countersign/clock';
import { IdentityTokens } from '@countersign/issuer';
import {
  sessionError,
  toPrincipal,
  type IssuedPair,
  type Principal,
  type Session,
} from '@countersign/sessions';
import type { SignInResponse } from './dto/sign-in.response';

/** What a sign-in says besides its tokens. */
export interface SignedIn {
  readonly principal: Principal;
  readonly deviceKeyThumbprint: string | null;
  readonly isNewUser: boolean;
  readonly startParam: string | null;
}

/** The one form in which every sign-in and refresh is answered. */
@Injectable()
export class SignInAnswers {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly identityTokens: IdentityTokens,
    private readonly clock: Clock,
  ) {}

  async of(issued: IssuedPair, signedIn: SignedIn): Promise<SignInResponse> {
    const { principal, deviceKeyThumbprint, isNewUser, startParam } = signedIn;
    const { settings } = await this.applications.getById(principal.applicationId);
    return {
      tokenType: deviceKeyThumbprint === null ? 'Bearer' : 'DPoP',
      ...issued,
      userId: principal.userId,
      isNewUser,
      assurance: principal.assurance,
      startParam,
      ...(settings.identityToken.inAnswers ? { identityToken: await this.tokenFor(principal, issued) } : {}),
    };
  }

  /** After a refresh. */
  async ofSession(session: Session, issued: IssuedPair): Promise<SignInResponse> {
    const principal = toPrincipal(session);
    if (!principal) throw sessionError('session.ended');
    const { deviceKeyThumbprint } = session;
    return this.of(issued, { principal, deviceKeyThumbprint, isNewUser: false, startParam: null });
  }

  private tokenFor(principal: Principal, { refreshExpiresIn }: IssuedPair): Promise<string> {
    const notAfter = plusSeconds(this.clock.now(), refreshExpiresIn);
    return this.identityTokens.issue(principal, principal.applicationId, notAfter);
  }
}
