import type { FastifyRequest } from 'fastify';
import { AddRouteConfig } from '../routes/route-config';
import type { Problem } from './problem';

/** An error as the clients of another service's API read it. */
export interface ShapedProblem {
  readonly body: object;
  /** If it differs from the status of the problem. */
  readonly status?: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For an API whose clients do not read problem details. */
    problemShape?: (problem: Problem, request: FastifyRequest) => ShapedProblem;
  }
}

export const OTHER_MEDIA_TYPE = 'application/json; charset=utf-8';

/** For a route of another service's API: its errors have the body that the clients of that service read. */
export function ShapesProblems(
  shape: (problem: Problem, request: FastifyRequest) => ShapedProblem,
): MethodDecorator {
  return AddRouteConfig({ problemShape: shape });
}
