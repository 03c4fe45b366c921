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
import type { ForwardedRequest, Question } from './gateway-request';
import { gatewayError } from './gateway.errors';

/** The caller's identity, for the gateway and the services behind it. */
export interface Authorised {
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
  authorise(
    { authorization, dpop, applicationId, areCredentialsRepeated, subprotocols }: CheckHeaders,
    question: Question,
    forwarded: () => ForwardedRequest,
  ): Authorised | Promise<Authorised> {
    if (areCredentialsRepeated) throw gatewayError('gateway.header_repeated');
    if (subprotocols === '') throw gatewayError('gateway.subprotocol_missing');
    const initData = initDataIn(authorization);
    const access =
      initData === undefined
        ? this.requests.authenticateFor(authorization, () => ({ proof: dpop, ...forwarded() }))
        : this.requests.authenticateInitData({ initData, applicationId, origin: undefined });
    const application =
      access instanceof Promise ? null : this.applications.peekById(access.principal.applicationId);
    return access instanceof Promise || !application
      ? this.checkLater(access, question)
      : this.check(access, application, question);
  }

  private async checkLater(access: Access | Promise<Access>, question: Question): Promise<Authorised> {
    const found = await access;
    return this.check(found, await this.applications.getById(found.principal.applicationId), question);
  }

  private check(
    access: Access,
    application: Application,
    question: Question,
  ): Authorised | Promise<Authorised> {
    const principal = grantedTo(access.principal, application);
    const audience = audienceOf(application, question.audience);
    if (audience === null) throw gatewayError('gateway.audience_not_granted');
    if (question.assurance !== undefined && !isShownAtLeast(principal, question.assurance))
      throw gatewayError('gateway.assurance_too_low');
    if (question.scopes.some((scope) => !principal.scopes.includes(scope)))
      throw gatewayError('gateway.scope_not_granted');
    const known = this.identityTokens.peek(principal, audience, access.expiresAt);
    if (known !== undefined) return { principal, identityToken: known };
    const issuing = this.identityTokens.issue(principal, audience, access.expiresAt);
    return issuing.then((identityToken) => ({ principal, identityToken }));
  }
}
