import { applyDecorators, type Type } from '@nestjs/common';
import { ApiOperation, ApiSecurity } from '@nestjs/swagger';
import { Answers, JudgesCallerFirst, problemResponses } from '@countersign/http';
import { DemandOf, type Demand } from './demand';

/** Every operation can answer with these. */
const ERRORS = ['principal.unauthenticated', 'principal.scope_missing', 'service.unavailable'];

interface OperationOptions {
  readonly summary: string;
  readonly description?: string;
  /** By default 200, or 204 without a body. */
  readonly status?: number;
  readonly answerDescription?: string;
  /** Codes of this route, besides those that its shape and the parameters of its path imply. */
  readonly errors?: readonly string[];
}

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
  about: string | OperationOptions,
): MethodDecorator {
  const {
    summary,
    description,
    status,
    answerDescription,
    errors = [],
  } = typeof about === 'string' ? { summary: about } : about;
  return applyDecorators(
    Answers(answer, {
      errors,
      ...(status === undefined ? {} : { status }),
      ...(answerDescription === undefined ? {} : { description: answerDescription }),
    }),
    ApiOperation({ operationId, summary, ...(description === undefined ? {} : { description }) }),
    DemandOf(scope),
    JudgesCallerFirst(),
    ApiSecurity('adminToken', scope === 'any' ? [] : [scope]),
    ...problemResponses(ERRORS),
  );
}
