import { Reflector } from '@nestjs/core';
import type { Scope } from '../scopes';

/** What a route demands: a scope, or `any` principal, for a route about the principal itself. */
export type Demand = Scope | 'any';

/** Its metadata is what `AdminGuard` reads. */
export const DemandOf = Reflector.createDecorator<Demand>();
