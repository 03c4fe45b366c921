import { applyDecorators } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiSecurity } from '@nestjs/swagger';
import { problemResponses } from '@countersign/http';
import type { Scope } from '../scopes';

/** What a route demands: a scope, or only a principal, for a route about the principal itself. */
export type Demand = Scope | 'any';

/** Its metadata is what `AdminGuard` reads. */
export const DemandOf = Reflector.createDecorator<Demand>();

const errors = ['principal.unauthenticated', 'principal.scope_missing', 'service.unavailable'];

/** For a route of a principal that has the scope. Without this decorator no route of an `AdminController` answers. */
export function NeedsScope(scope: Scope): MethodDecorator {
  return applyDecorators(DemandOf(scope), ApiSecurity('adminToken', [scope]), ...problemResponses(errors));
}

/** For a route about the calling principal itself. */
export function NeedsPrincipal(): MethodDecorator {
  return applyDecorators(DemandOf('any'), ApiSecurity('adminToken', []), ...problemResponses(errors));
}
