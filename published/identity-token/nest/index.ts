import {
  createParamDecorator,
  HttpException,
  Inject,
  Injectable,
  Logger,
  Module,
  UseGuards,
} from '@nestjs/common';
// Nest 12 is an ES module, and this package is not.
import type { CanActivate, DynamicModule, ExecutionContext, Type } from '@nestjs/common' with {
  'resolution-mode': 'import',
};
import {
  createIdentityTokenVerifier,
  type IdentityToken,
  type IdentityTokenOptions,
  type IdentityTokenVerifier,
} from '../src';
import { authorizer, type AuthRequirements } from '../src/authorizer';
import { callerOf, setCaller } from '../src/get-auth';
import type { Problem } from '../src/problem';

export type { AuthRequirements } from '../src/authorizer';

const VERIFIER = Symbol('IdentityTokenVerifier');

interface Request {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Of Fastify and of Express. */
interface Reply {
  header(name: string, value: string): unknown;
}

/** The exception of a problem, whose headers are set at once: exceptions of Nest carry none. */
function refusal(context: ExecutionContext, { status, headers, body }: Problem): HttpException {
  const reply = context.switchToHttp().getResponse<Reply>();
  for (const [name, value] of Object.entries(headers)) {
    // The exception filters of the service choose the form of the body.
    if (name !== 'content-type') reply.header(name, value);
  }
  return new HttpException({ ...body }, status);
}

function guardFor(requirements?: AuthRequirements): Type<CanActivate> {
  @Injectable()
  class Guard implements CanActivate {
    private readonly authorize: ReturnType<typeof authorizer>;

    constructor(@Inject(VERIFIER) verifier: IdentityTokenVerifier) {
      this.authorize = authorizer(verifier, requirements);
    }

    async canActivate(context: ExecutionContext): Promise<boolean> {
      if (context.getType() !== 'http') throw new Error('identity tokens guard HTTP routes only');
      const request = context.switchToHttp().getRequest<Request>();
      // A header that was sent twice arrives as "one, other", which is no token.
      const { caller, problem } = await this.authorize(request.headers['x-identity-token']);
      if (problem) throw refusal(context, problem);
      setCaller(request, caller);
      return true;
    }
  }
  return Guard;
}

/**
 * Lets a request pass when the identity token in its `X-Identity-Token` is valid, and attaches the identity to the
 * request. Otherwise it answers 401, or 503 when that cannot be decided. Works on Fastify and on Express.
 */
export const IdentityTokenGuard = guardFor();

/**
 * Guards a route or controller as `IdentityTokenGuard` does, and answers 403 where a scope is missing or the assurance is too
 * low. On a controller and on its route, both count. Requirements that would let every request pass, or none, stop the
 * start of the service with a TypeError.
 */
export function RequireAuth(requirements: AuthRequirements): ClassDecorator & MethodDecorator {
  return UseGuards(guardFor(requirements));
}

/** The identity of a guarded route's request. */
export const IdentityCaller = createParamDecorator((_: unknown, context: ExecutionContext): IdentityToken => {
  const caller = callerOf(context.switchToHttp().getRequest<object>());
  if (!caller) throw new Error('@IdentityCaller() needs IdentityTokenGuard');
  return caller;
});

/** Makes the guards work in every module of a service. */
@Module({})
export class IdentityTokenModule {
  /** @throws TypeError or RangeError as `createIdentityTokenVerifier` */
  static forRoot(options: IdentityTokenOptions): DynamicModule {
    const logger = new Logger('IdentityToken');
    const onRefreshFailed = (cause: unknown): void =>
      logger.warn(`The issuer's keys could not be had: ${String(cause)}`);
    const verifier = createIdentityTokenVerifier({ onRefreshFailed, ...options });
    const provider = { provide: VERIFIER, useValue: verifier };
    return { module: IdentityTokenModule, global: true, providers: [provider], exports: [provider] };
  }
}
