import { UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { identityCallerOf } from './identity-caller';
import { IdentityTokenGuard } from './identity-token.guard';
import { problem } from './problem';

class ScopesGuard implements CanActivate {
  constructor(private readonly required: readonly string[]) {}

  canActivate(context: ExecutionContext): boolean {
    const caller = identityCallerOf(context.switchToHttp().getRequest<object>());
    if (this.required.every((scope) => caller?.scopes.includes(scope))) return true;
    throw problem(403, 'insufficient_scope', `This needs the scope ${this.required.join(' ')}.`);
  }
}

/**
 * Guards a route or controller as `IdentityTokenGuard` does, and lets only sessions with all of these scopes
 * pass. It answers 403 to the others. Scopes of a controller and of its route add up.
 */
export function RequireScopes(...scopes: readonly [string, ...string[]]): ClassDecorator & MethodDecorator {
  if (scopes.length === 0) throw new TypeError('RequireScopes() has to name a scope');
  return UseGuards(IdentityTokenGuard, new ScopesGuard(scopes));
}
