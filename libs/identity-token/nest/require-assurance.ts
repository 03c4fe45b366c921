import { UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { IdentityTokenError, isAtLeast, type IdentityTokenAssurance } from '../src';
import { identityCallerOf } from './identity-caller';
import { IdentityTokenGuard } from './identity-token.guard';
import { toProblem } from './problem';

class AssuranceGuard implements CanActivate {
  constructor(private readonly least: IdentityTokenAssurance) {}

  canActivate(context: ExecutionContext): boolean {
    const caller = identityCallerOf(context.switchToHttp().getRequest<object>());
    if (isAtLeast(caller?.assurance, this.least)) return true;
    throw toProblem(new IdentityTokenError('assurance_too_low'));
  }
}

/**
 * Guards a route, or all of a controller, as `IdentityTokenGuard` does, and lets only those pass whose session was opened by a
 * proof that is at least so hard to forge. It answers 403 to the others. On a controller and on its route, both count.
 * @throws TypeError for a word that is no assurance
 */
export function RequireAssurance(least: IdentityTokenAssurance): ClassDecorator & MethodDecorator {
  if (!isAtLeast(least, least)) throw new TypeError('name an assurance that is known');
  return UseGuards(IdentityTokenGuard, new AssuranceGuard(least));
}
