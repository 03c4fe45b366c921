import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IdentityToken } from '../src';
import { callerOf } from '../src/get-auth';

export { callerOf as identityCallerOf };

/** The identity of a guarded route's request. */
export const IdentityCaller = createParamDecorator((_: unknown, context: ExecutionContext): IdentityToken => {
  const caller = callerOf(context.switchToHttp().getRequest<object>());
  if (!caller) throw new Error('@IdentityCaller() needs IdentityTokenGuard');
  return caller;
});
