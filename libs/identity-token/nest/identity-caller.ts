import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IdentityToken } from '../src';

/** By request, and not in it: nothing else in the process can put a caller there. */
const callers = new WeakMap<object, IdentityToken>();

/** Who is behind a request (the framework's own object of it) that the guard has let pass. */
export function identityCallerOf(request: object): IdentityToken | undefined {
  return callers.get(request);
}

export function setIdentityCaller(request: object, caller: IdentityToken): void {
  callers.set(request, caller);
}

/** Who is behind the request of a guarded route. */
export const IdentityCaller = createParamDecorator((_: unknown, context: ExecutionContext): IdentityToken => {
  const caller = identityCallerOf(context.switchToHttp().getRequest<object>());
  if (!caller) throw new Error('@IdentityCaller() needs IdentityTokenGuard');
  return caller;
});
