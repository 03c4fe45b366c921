import { AddRouteConfig } from '../routes/route-config';
import type { Problem } from './problem';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body of errors of an API whose clients do not read problem details. */
    problemShape?: (problem: Problem) => object;
  }
}

export const OTHER_MEDIA_TYPE = 'application/json; charset=utf-8';

/** For a route of another service's API: its errors have the body that the clients of that service read. */
export function ShapesProblems(shape: (problem: Problem) => object): MethodDecorator {
  return AddRouteConfig({ problemShape: shape });
}
