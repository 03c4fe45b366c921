import { applyDecorators, HttpCode, UseGuards, type Type } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import { AddRouteConfig, ShapesProblems } from '@countersign/http';
import type { LimitRule } from '@countersign/limits';
import { XellarClientGuard } from '../clients/xellar-client.guard';
import { Enveloped } from './envelope';
import { toErrorBody } from './error-body';

/** Of one IP address, whose secrets, proofs or tokens were refused. */
const REFUSALS: LimitRule = { name: 'xellar-refusals', limit: 120, window: 60 };

interface XellarOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
}

interface RouteOptions {
  /** `client`: the headers of an application. `access` and `wallet`: with a token of that kind, too. */
  readonly by: 'client' | 'access' | 'wallet';
}

/** A route of the API of Xellar's clients: its errors, limits, application and document. */
export function XellarRoute(operation: XellarOperation, answer: Type, { by }: RouteOptions): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    ShapesProblems(toErrorBody),
    AddRouteConfig({ addressLimit: { rule: REFUSALS, counts: 'refusals' } }),
    ApiOperation(operation),
    ApiResponse({ status: 200, type: Enveloped(answer), description: 'Done.' }),
    UseGuards(XellarClientGuard),
    ApiSecurity('clientSecret'),
    ApiSecurity('appId'),
    ...(by === 'client' ? [] : [ApiBearerAuth(`${by}Token`)]),
  );
}
