import { applyDecorators } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { JudgesCallerFirst, problemResponses } from '@countersign/http';
import type { Scope } from '../scopes';
import { DemandOf, type Demand } from './demand';

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
