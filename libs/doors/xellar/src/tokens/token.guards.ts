import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { fromGuard } from '@countersign/http';
import { XellarSessions, type XellarCaller } from './xellar-sessions';
import type { TokenKind } from './xellar-tokens';

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
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const authorization = this.authorizationOf(request);
    request.xellarCaller = await this.sessions.authenticate(this.kind, authorization, request);
    request.callerUserId = request.xellarCaller.principal.userId;
    return true;
  }

  protected authorizationOf({ headers }: FastifyRequest): string | undefined {
    return headers.authorization;
  }
}

/** Lets a request pass with an access token: of a login without a wallet. */
@Injectable()
export class AccessTokenGuard extends TokenGuard {
  protected override readonly kind = 'access';
}

/** Lets a request pass with a wallet token. The route uses it up. */
@Injectable()
export class WalletTokenGuard extends TokenGuard {
  protected override readonly kind = 'wallet';
}

/** Also where the SDK 4.5 to 4.8 sends it on one route: in `headers` of the body. */
@Injectable()
export class AddressTokenGuard extends WalletTokenGuard {
  protected override authorizationOf(request: FastifyRequest): string | undefined {
    const { headers } = (request.body ?? {}) as { readonly headers?: { readonly Authorization?: unknown } };
    const inBody = headers?.Authorization;
    return super.authorizationOf(request) ?? (typeof inBody === 'string' ? inBody : undefined);
  }
}

/** The session of a call, with its token. */
export const XellarCallerOf = fromGuard(({ xellarCaller }) => xellarCaller, '@XellarRoute()');
