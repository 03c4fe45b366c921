import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AllowedOrigins, ApplicationsService } from '@countersign/applications';
import { assertAllowed, RateLimits, type LimitRule } from '@countersign/limits';
import { RequestAuthenticator, TokenInspector, type Principal } from '@countersign/sessions';
import { metaproError } from '../metapro.errors';
import { MetaproTokens } from './metapro-tokens';

/** Calls of one identity in one project. */
const CALLS: LimitRule = { name: 'metapro-session-calls', limit: 600, window: 60 };

/**
 * Lets a request pass with the raw token in `Authorization`, and its user in `x-account-userid`. A call that is refused does not
 * extend the token.
 */
@Injectable()
export class MetaproGuard implements CanActivate {
  constructor(
    private readonly tokens: MetaproTokens,
    private readonly inspector: TokenInspector,
    private readonly requests: RequestAuthenticator,
    private readonly applications: ApplicationsService,
    private readonly origins: AllowedOrigins,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { authorization = '', origin } = request.headers;
    const accessToken = this.tokens.open(authorization);
    if (accessToken === null) throw metaproError('metapro.token_invalid');
    const { applicationId, identityId } = await this.inspect(request, accessToken);
    if (origin !== undefined) await this.origins.assertAllowed(applicationId, origin);
    assertAllowed(await this.limits.consume(CALLS, [applicationId, identityId]));
    const { principal } = await this.requests.authenticateFor(`Bearer ${accessToken}`, () =>
      this.requests.shownBy(request),
    );
    request.principal = principal;
    request.callerUserId = principal.userId;
    return true;
  }

  /** Without using the token, which would extend it. @throws AppError metapro.* */
  private async inspect({ headers }: FastifyRequest, accessToken: string): Promise<Principal> {
    const inspected = await this.inspector.inspect(accessToken);
    if (!inspected) throw metaproError('metapro.token_invalid');
    const { principal } = inspected;
    if (namedUser(headers['x-account-userid']) !== principal.userId)
      throw metaproError('metapro.account_differs');
    await this.assertEnabled(principal);
    return principal;
  }

  private async assertEnabled({ applicationId }: Principal): Promise<void> {
    const { settings } = await this.applications.getById(applicationId);
    if (!settings.metapro.enabled) throw metaproError('metapro.token_invalid');
  }
}

/** Lets a request without a token pass, too; one with a wrong token is refused. */
@Injectable()
export class OptionalMetaproGuard extends MetaproGuard {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const { authorization } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    return !authorization || super.canActivate(context);
  }
}

function namedUser(header: string | string[] | undefined): string | null {
  return typeof header === 'string' ? header.toLowerCase() : null;
}
