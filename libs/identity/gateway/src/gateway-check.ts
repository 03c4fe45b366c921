import { Injectable } from '@nestjs/common';
import { ApplicationsService, type Application } from '@countersign/applications';
import { audienceOf, IdentityTokens } from '@countersign/issuer';
import {
  grantedTo,
  initDataIn,
  isShownAtLeast,
  RequestAuthenticator,
  type Access,
  type Principal,
} from '@countersign/sessions';
import type { CheckHeaders } from './check-headers';
import type { ForwardedRequest } from './forwarded-request';
import { gatewayError } from './gateway.errors';
import type { Question } from './question';

/** The caller's identity, for the gateway and the services behind it. */
export interface Vouched {
  readonly principal: Principal;
  readonly identityToken: string;
}

/**
 * Answers who sent a request. Its requirements are checked after the session was found, in cache or database.
 */
@Injectable()
export class GatewayCheck {
  constructor(
    private readonly requests: RequestAuthenticator,
    private readonly applications: ApplicationsService,
    private readonly identityTokens: IdentityTokens,
  ) {}

  /**
   * No promise allocation on cache hits, which are most calls.
   * @throws AppError session.*, dpop.*, gateway.*, and those of init data; also as a rejection
   */
  vouch(
    { authorization, dpop, applicationId, areCredentialsRepeated, subprotocols }: CheckHeaders,
    question: Question,
    forwarded: () => ForwardedRequest,
  ): Vouched | Promise<Vouched> {
    if (areCredentialsRepeated) throw gatewayError('gateway.header_repeated');
    if (subprotocols === '') throw gatewayError('gateway.subprotocol_missing');
    const initData = initDataIn(authorization);
    const access =
      initData === undefined
        ? this.requests.authenticateFor(authorization, () => ({ proof: dpop, ...forwarded() }))
        : this.requests.authenticateInitData({ initData, applicationId, origin: undefined });
    if (access instanceof Promise) return this.judgeLater(access, question);
    const application = this.applications.peekById(access.principal.applicationId);
    return application ? this.judge(access, application, question) : this.judgeLater(access, question);
  }

  private async judgeLater(access: Access | Promise<Access>, question: Question): Promise<Vouched> {
    const found = await access;
    const application = await this.applications.getById(found.principal.applicationId);
    return this.judge(found, application, question);
  }

  private judge(
    access: Access,
    { id, trust, settings }: Application,
    question: Question,
  ): Vouched | Promise<Vouched> {
    const principal = grantedTo(access.principal, { trust, settings });
    const audience = audienceOf({ id, settings }, question.audience);
    if (audience === null) throw gatewayError('gateway.audience_not_granted');
    if (question.assurance !== undefined && !isShownAtLeast(principal, question.assurance))
      throw gatewayError('gateway.assurance_too_low');
    if (question.scopes.some((scope) => !principal.scopes.includes(scope)))
      throw gatewayError('gateway.scope_not_granted');
    return this.vouchFor(principal, audience, access.expiresAt);
  }

  private vouchFor(principal: Principal, audience: string, expiresAt: Date): Vouched | Promise<Vouched> {
    const identityToken = this.identityTokens.peek(principal, audience, expiresAt);
    return identityToken === undefined
      ? this.identityTokens
          .issue(principal, audience, expiresAt)
          .then((issued) => ({ principal, identityToken: issued }))
      : { principal, identityToken };
  }
}
