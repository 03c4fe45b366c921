import { applyDecorators, Controller, HttpCode, HttpStatus, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AppError, errorDefinition, type AppErrorOptions } from '@countersign/errors';
import { toOAuthProblem, type OAuthProblem } from './oauth-problem';
import { toProblem, type Problem } from './problem';
import { ProblemResponse } from './problem.dto';

/** The routes below a path, under a tag of the OpenAPI document. */
export function ApiController(path: string | string[], tag: string): ClassDecorator {
  return applyDecorators(Controller(path), ApiTags(tag));
}

export interface Operation {
  readonly summary: string;
  readonly description?: string;
  /** By default 200, or 204 without a body. */
  readonly status?: number;
  readonly answerDescription?: string;
  /** Codes of this route, besides those that its guards, its path and its shape imply (see `publicDocument`). */
  readonly errors?: readonly string[];
}

/** What decorators of routes take: `operationId`, the class of the body or null, and the summary or more than it. */
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

/**
 * Documents errors of a route. Several decorators may add to the same status: the examples distinguish the
 * codes.
 */
export function problemResponses(codes: readonly string[]): MethodDecorator[] {
  return [
    ApiExtraModels(ProblemResponse),
    ...codes.map((code) => {
      const value = problemExample(code);
      return ApiResponse({
        status: value.status,
        schema: { $ref: getSchemaPath(ProblemResponse) },
        examples: { [code]: { summary: value.title, value } },
      });
    }),
  ];
}

const EXAMPLE_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

/** An error as it is sent. */
export function problemExample(code: string, options: AppErrorOptions = {}): Problem {
  return toProblem(exampleOf(code, options), EXAMPLE_ID);
}

/** Like `problemExample`, in the format for OAuth clients. */
export function oauthProblemExample(code: string, options: AppErrorOptions = {}): OAuthProblem {
  return toOAuthProblem(exampleOf(code, options), EXAMPLE_ID);
}

function exampleOf(code: string, options: AppErrorOptions): AppError {
  const definition = errorDefinition(code);
  if (!definition) throw new Error(`a route names the unknown error code ${code}`);
  return new AppError(code, definition, options);
}

/** Changes the 202 of a route to 204 where nothing is left to be done later. @returns the body */
export function laterOrDone<T>(reply: FastifyReply, later: T | null): T | undefined {
  if (later !== null) return later;
  void reply.status(HttpStatus.NO_CONTENT);
  return undefined;
}
