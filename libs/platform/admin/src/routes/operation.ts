import { applyDecorators, type Type } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { Answers, ChecksCallerFirst, problemResponses, type OperationOf } from '@countersign/http';
import { DemandOf, type Demand } from './demand';

const ERRORS = ['principal.unauthenticated', 'principal.scope_missing', 'service.unavailable'];

/**
 * An operation of the administration API: its `operationId`, who may call it, what it answers and how it fails. Without
 * this decorator no route of an `AdminController` answers.
 * @param scope that its principal needs; `any` for a route about the principal itself
 * @param answer the class of the body; null for none
 * @param about the summary, or an object with more than it
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
