import {
  applyDecorators,
  createParamDecorator,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Answers, problemResponses, type OperationOf } from './problems/answers';
import { ChecksCallerFirst } from './routes/route-config';

/** Guards a route, and documents its operation, its authentication and the errors of the guard. */
export function guardedRoute(
  operation: OperationOf,
  guard: Type<CanActivate>,
  codes: readonly string[],
  ...schemes: readonly MethodDecorator[]
): MethodDecorator {
  return applyDecorators(
    Answers(...operation),
    UseGuards(guard),
    ChecksCallerFirst(),
    ...schemes,
    ...problemResponses(codes),
  );
}

/** A parameter decorator for a value that a guard stores in the request. @param route the decorator with that guard */
export function fromGuard(
  read: (request: FastifyRequest) => unknown,
  route: string,
): () => ParameterDecorator {
  return createParamDecorator((_: unknown, context: ExecutionContext): unknown => {
    const found = read(context.switchToHttp().getRequest<FastifyRequest>());
    if (found === undefined) throw new Error(`the route needs ${route}`);
    return found;
  });
}
