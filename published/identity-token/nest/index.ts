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

/** The members that the replies of Fastify and Express share. */
interface Reply {
  header(name: string, value: string): unknown;
}

/** Sets the headers at once, because an exception of Nest has none. */
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
      // A repeated header arrives as "one, other", which is not a token.
      const { caller, problem } = await this.authorize(request.headers['x-identity-token']);
      if (problem) throw refusal(context, problem);
      setCaller(request, caller);
      return true;
    }
  }
  return Guard;
}

/**
 * Allows a request with a valid identity token in `X-Identity-Token`, and attaches the identity to the request.
 * Otherwise it answers 401, or 503 if the keys are unavailable. It works on Fastify and on Express.
 */
export const IdentityTokenGuard = guardFor();

/**
 * Guards a route or controller like `IdentityTokenGuard`. It answers 403 if a scope is missing or the assurance is too
 * low. The requirements of a controller and of its route both count. The service does not start with requirements that
 * would allow every request, or none: the guard throws a TypeError.
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

/** Makes the guards available in every module of a service. */
@Module({})
export class IdentityTokenModule {
  /** @throws TypeError or RangeError as `createIdentityTokenVerifier` does */
  static forRoot(options: IdentityTokenOptions): DynamicModule {
    const logger = new Logger('IdentityToken');
    const onRefreshFailed = (cause: unknown): void =>
      logger.warn(`The issuer's keys could not be had: ${String(cause)}`);
    const verifier = createIdentityTokenVerifier({ onRefreshFailed, ...options });
    const provider = { provide: VERIFIER, useValue: verifier };
    return { module: IdentityTokenModule, global: true, providers: [provider], exports: [provider] };
  }
}
