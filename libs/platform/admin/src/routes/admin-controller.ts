import {
  applyDecorators,
  UseGuards,
  UseInterceptors,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import { actingAs } from '@countersign/audit';
import {
  Answers,
  ApiController,
  ChecksCallerFirst,
  type OperationOf,
  problemResponses,
  TakesIdempotencyKey,
} from '@countersign/http';
import { principalActor } from '../principals/principal';
import { AdminGuard, DemandOf, principalOf, type Demand } from './admin.guard';

@Injectable()
class ActingInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { principalId } = principalOf(request);
    return new Observable((subscriber) =>
      actingAs(principalActor(principalId), () => next.handle().subscribe(subscriber), request.id),
    );
  }
}

export const ADMIN_PREFIX = 'v1/admin';

/** Routes below `/v1/admin/<path>`, on the port of the administration API. Every route needs `Operation`. */
export function AdminController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    ApiController(`${ADMIN_PREFIX}/${path}`, tag),
    UseGuards(AdminGuard),
    UseInterceptors(ActingInterceptor),
  );
}

const ERRORS = ['principal.unauthenticated', 'principal.scope_missing', 'service.unavailable'];

/**
 * Declares an operation. Without it, a route of an `AdminController` does not answer.
 * @param scope the scope that the principal needs; `any` for a route about the principal itself
 */
export function Operation(
  operationId: string,
  scope: Demand,
  answer: Type | null,
  about: OperationOf[2],
): MethodDecorator {
  return applyDecorators(
    Answers(operationId, answer, about),
    DemandOf(scope),
    ChecksCallerFirst(),
    ApiSecurity('adminToken', scope === 'any' ? [] : [scope.name]),
    ...problemResponses(ERRORS),
  );
}

/** For a POST with an `Idempotency-Key`. Other scopes count as another caller: the answer can contain a secret. */
export function CreatesOnce(): MethodDecorator {
  return TakesIdempotencyKey((request) => {
    const { principalId, scopes } = principalOf(request);
    return [principalId, scopes.toSorted().join(' ')];
  });
}
