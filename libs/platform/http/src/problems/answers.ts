import { applyDecorators, Controller, HttpCode, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { errorDefinition } from '@countersign/text';
import { extendOperation } from '../nest-metadata';
import { ProblemResponse } from './problem.dto';

export function ApiController(path: string | string[], tag: string): ClassDecorator {
  return applyDecorators(Controller(path), ApiTags(tag));
}

export interface Operation {
  readonly summary: string;
  readonly description?: string;
  /** By default 200, or 204 without a body. */
  readonly status?: number;
  readonly answerDescription?: string;
  /** Error codes of this route, besides those of its guards, its path and its shape (see `publicDocument`). */
  readonly errors?: readonly string[];
}

/** The arguments of route decorators. `about` is the summary, or more than the summary. */
export type OperationOf = readonly [operationId: string, answer: Type | null, about: string | Operation];

/** Documents the operation of a route with all its responses, and sets the status of success. */
export function Answers(...[operationId, type, about]: OperationOf): MethodDecorator {
  const {
    status = type ? 200 : 204,
    answerDescription = type ? 'Done.' : 'Done; no body.',
    errors = [],
    ...described
  } = typeof about === 'string' ? { summary: about } : about;
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ operationId, ...described }),
    ApiResponse({ status, description: answerDescription, ...(type ? { type } : {}) }),
    ...problemResponses(errors),
  );
}

/** Documents errors of a route, besides those of its other decorators. */
export function problemResponses(codes: readonly string[]): MethodDecorator[] {
  for (const code of codes)
    if (!errorDefinition(code)) throw new Error(`a route names the unknown error code ${code}`);
  return [
    ApiExtraModels(ProblemResponse),
    (_target, _name, { value }: PropertyDescriptor) => {
      extendOperation(value as object, 'x-error-codes', codes);
    },
  ];
}
