import { UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { isScopeList } from '../src/identity-token';
import { scopeProblem } from '../src/problem';
import { identityCallerOf } from './identity-caller';
import { IdentityTokenGuard } from './identity-token.guard';
import { refusal } from './problem';

class ScopesGuard implements CanActivate {
  constructor(private readonly required: readonly string[]) {}

  canActivate(context: ExecutionContext): boolean {
    const caller = identityCallerOf(context.switchToHttp().getRequest<object>());
    if (this.required.every((scope) => caller?.scopes.includes(scope))) return true;
    throw refusal(context, scopeProblem(this.required));
  }
}

/**
 * Guards a route or controller as `IdentityTokenGuard` does, and lets only sessions with all of these scopes
 * pass. It answers 403 to the others. Scopes of a controller and of its route add up.
 */
export function RequireScopes(...scopes: readonly [string, ...string[]]): ClassDecorator & MethodDecorator {
  if (!isScopeList(scopes)) throw new TypeError('RequireScopes() has to name scopes');
  return UseGuards(IdentityTokenGuard, new ScopesGuard(scopes));
}
