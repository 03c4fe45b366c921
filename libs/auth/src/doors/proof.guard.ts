import { randomUUID } from 'node:crypto';
import { Inject, Injectable, mixin, type CanActivate, type Type } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import passport, { type Strategy } from 'passport';

/**
 * A guard that runs a Passport strategy of its own application: Passport's registry is shared by everything in the
 * process, so the strategy enters it under a name that no other application has.
 */
export function ProofGuard(strategyType: Type): Type<CanActivate> {
  @Injectable()
  class StrategyGuard extends AuthGuard() {
    constructor(@Inject(strategyType) strategy: Strategy) {
      super({ defaultStrategy: register(strategy), session: false });
    }
  }
  return mixin(StrategyGuard);
}

/** By name only: Passport keeps the state of a request on a strategy that it is handed as an object. */
function register(strategy: Strategy): string {
  const name = randomUUID();
  passport.use(name, strategy);
  return name;
}
