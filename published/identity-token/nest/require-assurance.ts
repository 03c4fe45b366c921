import { UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { IdentityTokenError, isAtLeast, type IdentityTokenAssurance } from '../src';
import { identityCallerOf } from './identity-caller';
import { IdentityTokenGuard } from './identity-token.guard';
import { toRefusal } from './problem';

class AssuranceGuard implements CanActivate {
  constructor(private readonly least: IdentityTokenAssurance) {}

  canActivate(context: ExecutionContext): boolean {
    const caller = identityCallerOf(context.switchToHttp().getRequest<object>());
    if (isAtLeast(caller?.assurance, this.least)) return true;
    throw toRefusal(context, new IdentityTokenError('assurance_too_low'));
  }
}

/**
 * Guards a route or controller as `IdentityTokenGuard` does, and lets only sessions pass that were opened by
 * a proof of at least this assurance. It answers 403 to the others. On a controller and on its route, both
 * count.
 * @throws TypeError for an unknown assurance
 */
export function RequireAssurance(least: IdentityTokenAssurance): ClassDecorator & MethodDecorator {
  if (!isAtLeast(least, least)) throw new TypeError('name an assurance that is known');
  return UseGuards(IdentityTokenGuard, new AssuranceGuard(least));
}
