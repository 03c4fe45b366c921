import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { IdentityTokenVerifier } from '../src';
import { callerOf, setCaller } from '../src/get-auth';
import { toRefusal } from './problem';

export const IDENTITY_TOKEN_VERIFIER = Symbol('IdentityTokenVerifier');

interface Request {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * Lets a request pass when the identity token in its `X-Identity-Token` is valid, and attaches the identity
 * to the request. Otherwise it answers 401, or 503 when that cannot be decided. Works on Fastify and on
 * Express.
 */
@Injectable()
export class IdentityTokenGuard implements CanActivate {
  constructor(@Inject(IDENTITY_TOKEN_VERIFIER) private readonly verifier: IdentityTokenVerifier) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') throw new Error('IdentityTokenGuard guards HTTP routes only');
    const request = context.switchToHttp().getRequest<Request>();
    if (callerOf(request)) return true;
    try {
      // A header that was sent twice arrives as "one, other", which is no token.
      setCaller(request, await this.verifier.verify(request.headers['x-identity-token']));
      return true;
    } catch (error) {
      throw toRefusal(context, error);
    }
  }
}
