import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { VerifiedSignIn } from './door';

/** What the Passport strategy of the door verified. */
export const Verified = createParamDecorator((_: unknown, context: ExecutionContext): VerifiedSignIn => {
  const { user } = context.switchToHttp().getRequest<{ user: VerifiedSignIn }>();
  return user;
});
