import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AllowedOrigins, ApplicationsService } from '@countersign/applications';
import { KeyRing, openToken, sealToken } from '@countersign/crypto';
import { assertAllowed, RateLimits, type LimitRule } from '@countersign/http';
import { RequestAuthenticator, TokenInspector, type Principal } from '@countersign/sessions';
import { metaproError } from '../metapro.errors';
import { metaproSettings } from '../metapro.feature';

const CONTEXT = 'countersign/metapro-token/v1';

/**
 * Seals the access tokens of sessions under a key of the ring. So native routes refuse the tokens of this API, and this
 * API refuses native tokens, although one session may have both.
 */
@Injectable()
export class MetaproTokens {
  constructor(private readonly keyRing: KeyRing) {}

  seal(accessToken: string): string {
    return sealToken(this.keyRing, 'mp', CONTEXT, accessToken);
  }

  /** Returns the access token inside, or `null` for a text that this service did not seal. */
  open(token: string): string | null {
    return openToken(this.keyRing, 'mp', CONTEXT, token);
  }
}

const CALLS: LimitRule = { name: 'metapro-session-calls', limit: 600, window: 60 };

/** Requires the raw token in `Authorization` and its user in `x-account-userid`. A refused call extends no token. */
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
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { authorization = '', origin } = request.headers;
    const accessToken = this.tokens.open(authorization);
    if (accessToken === null) throw metaproError('metapro.token_invalid');
    const { applicationId, identityId } = await this.inspect(request.headers, accessToken);
    if (origin !== undefined) await this.origins.assertAllowed(applicationId, origin);
    assertAllowed(await this.limits.consume(CALLS, [applicationId, identityId]));
    const { principal } = await this.requests.authenticateFor(`Bearer ${accessToken}`, () =>
      this.requests.shownBy(request),
    );
    request.principal = principal;
    request.callerUserId = principal.userId;
    return true;
  }

  /** Reads the token without using it, because a use would extend it. */
  private async inspect(headers: FastifyRequest['headers'], accessToken: string): Promise<Principal> {
    const { principal } = (await this.inspector.inspect(accessToken)) ?? {};
    if (!principal) throw metaproError('metapro.token_invalid');
    const named = headers['x-account-userid'];
    if (typeof named !== 'string' || named.toLowerCase() !== principal.userId)
      throw metaproError('metapro.account_differs');
    const { settings } = await this.applications.getById(principal.applicationId);
    if (!metaproSettings.of(settings).enabled) throw metaproError('metapro.token_invalid');
    return principal;
  }
}

/** Also allows a request without a token. It refuses a wrong token. */
@Injectable()
export class OptionalMetaproGuard extends MetaproGuard {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const { authorization } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    return !authorization || super.canActivate(context);
  }
}
