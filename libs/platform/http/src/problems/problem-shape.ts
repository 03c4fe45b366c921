import type { FastifyRequest } from 'fastify';
import type { Problem } from './problem';

/** An error as the clients of another service's API read it. */
export interface ShapedProblem {
  readonly body: object;
  /** If it differs from the status of the problem. */
  readonly status?: number;
}

/** The errors of an API whose clients do not read problem details. */
export interface ProblemShape {
  /** Of its paths: errors of unknown paths and methods below them have the same form. */
  readonly prefixes: readonly string[];
  readonly shape: (problem: Problem, request: FastifyRequest) => ShapedProblem;
}

export const OTHER_MEDIA_TYPE = 'application/json; charset=utf-8';

/** The form of errors at the path of a request. @returns `undefined` for problem details */
export function shapeFor(
  shapes: readonly ProblemShape[],
  { routeOptions, url }: FastifyRequest,
): ProblemShape['shape'] | undefined {
  const path = routeOptions.url ?? url;
  return shapes.find(({ prefixes }) => prefixes.some((prefix) => path.startsWith(prefix)))?.shape;
}
