import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IdentityToken } from '../src';

/** By request, not on it: no other code in the process can set a caller. */
const callers = new WeakMap<object, IdentityToken>();

/** The identity of a request (the framework's own object) that the guard has let pass. */
export function identityCallerOf(request: object): IdentityToken | undefined {
  return callers.get(request);
}

export function setIdentityCaller(request: object, caller: IdentityToken): void {
  callers.set(request, caller);
}

/** The identity of a guarded route's request. */
export const IdentityCaller = createParamDecorator((_: unknown, context: ExecutionContext): IdentityToken => {
  const caller = identityCallerOf(context.switchToHttp().getRequest<object>());
  if (!caller) throw new Error('@IdentityCaller() needs IdentityTokenGuard');
  return caller;
});
