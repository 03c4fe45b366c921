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

/** Records of the audit trail that a route causes name the principal. */
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

/** Routes below `/v1/admin/<path>`, on their own port. Every route needs `Operation`. */
export function AdminController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    ApiController(`${ADMIN_PREFIX}/${path}`, tag),
    UseGuards(AdminGuard),
    UseInterceptors(ActingInterceptor),
  );
}

const ERRORS = ['principal.unauthenticated', 'principal.scope_missing', 'service.unavailable'];

/**
 * An operation of the administration API: its `operationId`, who may call it, what it answers and how it fails. Without
 * this decorator no route of an `AdminController` answers.
 * @param scope that its principal needs; `any` for a route about the principal itself
 * @param answer the class of the answer, null for none
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
    ApiSecurity('adminToken', scope === 'any' ? [] : [scope]),
    ...problemResponses(ERRORS),
  );
}

/**
 * For a POST that creates something: with an `Idempotency-Key` a repeated request of its principal creates nothing more. A
 * token of other scopes is another caller: the answer can contain a secret that it may not have.
 */
export function CreatesOnce(): MethodDecorator {
  return TakesIdempotencyKey((request) => {
    const { principalId, scopes } = principalOf(request);
    return [principalId, scopes.toSorted().join(' ')];
  });
}
