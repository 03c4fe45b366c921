import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { assertAllowed, fromGuard, type LimitRule, RateLimits } from '@countersign/http';
import { AllowedOrigins } from '@countersign/applications';
import { Clock } from '@countersign/runtime';
import { endOf, TokenInspector, toPrincipal, type Principal, type Session } from '@countersign/sessions';
import { type TokenKind, XellarTokens, type XellarToken } from './xellar-tokens';
import { XellarClients } from '../clients/xellar-clients';
import { xellarError } from '../xellar.errors';
import { xellarMethods } from '../xellar.feature';

const CALLS: LimitRule = { name: 'xellar-session-calls', limit: 600, window: 60 };

export interface XellarCaller {
  readonly principal: Principal;
  readonly token: XellarToken;
}

/** Finds the sessions of this API's tokens. Each call reads its session again. */
@Injectable()
export class XellarSessions {
  constructor(
    private readonly inspector: TokenInspector,
    private readonly tokens: XellarTokens,
    private readonly clients: XellarClients,
    private readonly origins: AllowedOrigins,
    private readonly limits: RateLimits,
    private readonly clock: Clock,
  ) {}

  async authenticate(
    kind: TokenKind,
    authorization: string | undefined,
    { headers: { origin }, xellarApplication }: FastifyRequest,
  ): Promise<XellarCaller> {
    const [, text = ''] = /^Bearer ([\w.-]+)$/i.exec(authorization ?? '') ?? [];
    const token = await this.tokens.read(kind, text);
    if (!token) throw xellarError('xellar.token_invalid');
    const session = await this.inspector.findForPair(token.sessionId, token.pair);
    const principal = session && this.principalOf(session);
    if (!principal || (xellarApplication && xellarApplication.id !== principal.applicationId))
      throw xellarError('xellar.token_invalid');
    const { applicationId, identityId } = principal;
    await this.clients.assertEnabled(applicationId);
    await this.origins.assertAllowed(applicationId, origin);
    assertAllowed(await this.limits.consume(CALLS, [applicationId, identityId]));
    return { principal, token };
  }

  /** Returns `null` for a session that has ended, or that another door opened. */
  principalOf(session: Session): Principal | null {
    if (endOf(session, this.clock.now()) || !isOfThisApi(session)) return null;
    return toPrincipal(session);
  }
}

export function isOfThisApi({ door }: Pick<Session, 'door'>): boolean {
  return Object.values(xellarMethods).some((name) => name === door);
}

declare module 'fastify' {
  interface FastifyRequest {
    xellarCaller?: XellarCaller;
  }
}

@Injectable()
abstract class TokenGuard implements CanActivate {
  protected abstract readonly kind: TokenKind;

  constructor(private readonly sessions: XellarSessions) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.xellarCaller = await this.sessions.authenticate(
      this.kind,
      this.authorizationOf(request),
      request,
    );
    request.callerUserId = request.xellarCaller.principal.userId;
    return true;
  }

  protected authorizationOf({ headers }: FastifyRequest): string | undefined {
    return headers.authorization;
  }
}

/** Requires an access token, which a login without a wallet returns. */
@Injectable()
export class AccessTokenGuard extends TokenGuard {
  protected override readonly kind = 'access';
}

/** Requires a wallet token. The route consumes it. */
@Injectable()
export class WalletTokenGuard extends TokenGuard {
  protected override readonly kind = 'wallet';
}

/** Also reads the token in `headers` of the body, because the SDK 4.5 to 4.8 sends it there on one route. */
@Injectable()
export class AddressTokenGuard extends WalletTokenGuard {
  protected override authorizationOf(request: FastifyRequest): string | undefined {
    const { headers } = (request.body ?? {}) as { readonly headers?: { readonly Authorization?: unknown } };
    const inBody = headers?.Authorization;
    return super.authorizationOf(request) ?? (typeof inBody === 'string' ? inBody : undefined);
  }
}

export const CallerOf = fromGuard(({ xellarCaller }) => xellarCaller, '@XellarRoute()');
