import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { listErrors } from '@countersign/errors';
import { problemType, statusOf } from './problem';
import { ProblemResponse } from './problem.dto';

export interface AnswersOptions {
  readonly status?: number;
  readonly description?: string;
  /** Codes that this route can answer with, besides those that every route can. */
  readonly errors?: readonly string[];
}

/** Sets the success status of a route and documents all its answers. */
export function Answers(type: Type | null, options: AnswersOptions = {}): MethodDecorator {
  const status = options.status ?? (type ? 200 : 204);
  const success: ApiResponseOptions = {
    status,
    description: options.description ?? (type ? 'Done.' : 'Done; no body.'),
    ...(type ? { type } : {}),
  };
  return applyDecorators(HttpCode(status), ApiResponse(success), ...problemResponses(options.errors ?? []));
}

/** One documented response per status, with an example per code. */
export function problemResponses(codes: readonly string[]): MethodDecorator[] {
  const known = new Map(listErrors().map((error) => [error.code, error]));
  const byStatus = new Map<number, { code: string; title: string }[]>();
  for (const code of codes) {
    const definition = known.get(code);
    if (!definition) throw new Error(`a route names the unknown error code ${code}`);
    const status = statusOf(definition.kind);
    byStatus.set(status, [...(byStatus.get(status) ?? []), { code, title: definition.title }]);
  }
  return [...byStatus].map(([status, problems]) =>
    ApiResponse({
      status,
      description: problems.map(({ code }) => `\`${code}\``).join(', '),
      content: {
        'application/problem+json': {
          schema: { $ref: `#/components/schemas/${ProblemResponse.name}` },
          examples: Object.fromEntries(
            problems.map(({ code, title }) => [
              code,
              {
                value: {
                  type: problemType(code),
                  title,
                  status,
                  detail: `${title}.`,
                  code,
                  requestId: EXAMPLE_ID,
                },
              },
            ]),
          ),
        },
      },
    }),
  );
}

const EXAMPLE_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
