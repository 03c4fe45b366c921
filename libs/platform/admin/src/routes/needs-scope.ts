import { applyDecorators } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiSecurity } from '@nestjs/swagger';
import { JudgesCallerFirst, problemResponses } from '@countersign/http';
import type { Scope } from '../scopes';

/** What a route demands: a scope, or only a principal, for a route about the principal itself. */
export type Demand = Scope | 'any';

/** Its metadata is what `AdminGuard` reads. */
export const DemandOf = Reflector.createDecorator<Demand>();

const errors = ['principal.unauthenticated', 'principal.scope_missing', 'service.unavailable'];

/** For a route of a principal that has the scope. Without this decorator no route of an `AdminController` answers. */
export function NeedsScope(scope: Scope): MethodDecorator {
  return demands(scope, [scope]);
}

/** For a route about the calling principal itself. */
export function NeedsPrincipal(): MethodDecorator {
  return demands('any', []);
}

function demands(demand: Demand, scopes: string[]): MethodDecorator {
  return applyDecorators(
    DemandOf(demand),
    JudgesCallerFirst(),
    ApiSecurity('adminToken', scopes),
    ...problemResponses(errors),
  );
}
