import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AllowedOrigins } from '@countersign/applications';
import { Text } from '@countersign/http';
import {
  CallLimits,
  DeviceKeys,
  dpopError,
  RefreshService,
  RequestAuthenticator,
  sessionError,
  type Session,
  type SessionCheck,
  type ShownProof,
} from '@countersign/sessions';
import { MAX_INIT_DATA_BYTES } from '@countersign/proofs';
import { UsersService } from '@countersign/users';
import type { SignInResponse } from '../dto/sign-in.response';
import { SignInAnswers } from './sign-in-answers';
import { InitDataVerifier } from '../telegram/init-data-verifier';

export class RefreshRequest {
  @Text('The refresh token of the latest pair.', 'cs_rt_...', { input: 'required', max: 512 })
  refreshToken: string;

  @Text(
    'Of the running Mini App: refused when it names another person than the session. Its age is not checked.',
    'user=%7B%22id%22%3A279058397%7D&auth_date=1763625600&signature=...&hash=...',
    { input: 'optional', schema: { maxLength: MAX_INIT_DATA_BYTES } },
  )
  initData?: string;
}

/** Refreshes with an origin check. Refuses if the person's status changed. */
@Injectable()
export class RefreshSignInService {
  constructor(
    private readonly refreshService: RefreshService,
    private readonly requests: RequestAuthenticator,
    private readonly deviceKeys: DeviceKeys,
    private readonly limits: CallLimits,
    private readonly answers: SignInAnswers,
    private readonly verifier: InitDataVerifier,
    private readonly users: UsersService,
    private readonly origins: AllowedOrigins,
  ) {}

  async refresh(
    { refreshToken, initData }: RefreshRequest,
    request: FastifyRequest,
  ): Promise<SignInResponse> {
    const { origin } = request.headers;
    const shown = this.requests.shownBy(request);
    const hasChecks = initData !== undefined || origin !== undefined || shown.proof !== undefined;
    const check: SessionCheck = async (session, count) => {
      await this.check(session, initData, origin);
      return this.proveKey(session, shown, count);
    };
    const { session, issued } = await this.refreshService.refresh(
      refreshToken,
      hasChecks ? check : null,
      (found, tx) => this.limits.countRefresh(found, tx),
    );
    return this.answers.ofSession(session, issued);
  }

  private async proveKey(
    { deviceKeyThumbprint }: Session,
    shown: ShownProof,
    beforeConsuming?: () => Promise<void>,
  ): Promise<string | null> {
    if (deviceKeyThumbprint === null) {
      if (shown.proof !== undefined) throw dpopError('dpop.session_not_bound');
      return null;
    }
    await this.deviceKeys.assertPossession(shown, { deviceKeyThumbprint }, null, beforeConsuming);
    return deviceKeyThumbprint;
  }

  private async check(
    session: Session,
    initData: string | undefined,
    origin: string | undefined,
  ): Promise<void> {
    await this.origins.assertAllowed(session.applicationId, origin);
    if (initData === undefined) return;
    const person = await this.verifier.identify(session.applicationId, initData, null);
    const known = await this.users.findByClaim(person);
    if (known?.userId !== session.userId) throw sessionError('session.account_switched');
  }
}
