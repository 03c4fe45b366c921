import { Injectable } from '@nestjs/common';
import { AllowedOrigins, type RequestOrigin } from '@countersign/applications';
import { RefreshService, sessionError, type Session, type SessionCheck } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import type { RefreshRequest } from './dto/refresh.request';
import type { SignInResponse } from './dto/sign-in.response';
import { InitDataVerifier } from './telegram/init-data-verifier';

/** Refresh as clients call it: with the origin check, and refused when the person has changed. */
@Injectable()
export class RefreshSignInService {
  constructor(
    private readonly refreshService: RefreshService,
    private readonly verifier: InitDataVerifier,
    private readonly users: UsersService,
    private readonly origins: AllowedOrigins,
  ) {}

  async refresh({ refreshToken, initData }: RefreshRequest, from: RequestOrigin): Promise<SignInResponse> {
    const hasChecks = initData !== undefined || from.origin !== undefined;
    const check: SessionCheck | null = hasChecks ? (session) => this.check(session, initData, from) : null;
    const { session, issued } = await this.refreshService.refresh(refreshToken, check);
    return {
      tokenType: 'Bearer',
      ...issued,
      userId: session.userId,
      isNewUser: false,
      assurance: session.assurance,
      startParam: null,
    };
  }

  private async check(
    session: Session,
    initData: string | undefined,
    { origin, host }: RequestOrigin,
  ): Promise<void> {
    await this.origins.assertAllowed(session.applicationId, origin, host);
    if (initData === undefined) return;
    const person = await this.verifier.identify(session.applicationId, initData, null);
    const known = await this.users.findByClaim(person);
    if (known?.userId !== session.userId) throw sessionError('session.account_switched');
  }
}
