export * from './problems/answers';
export * from './requests/basic-credentials';
export * from './bodies/body-text';
export { boundedFetch } from './requests/bounded-fetch';
export * from './requests/event-loop-tick';
export * from './input/exactly-one-of';
export * from './requests/fastify-request';
export { fieldErrorCodes, invalidField } from './input/field-error';
export * from './fields';
export * from './bodies/form';
export * from './routes/get-only.guard';
export { fromGuard, guardedRoute } from './guarded-route';
export * from './http.errors';
export * from './input/input';
export * from './input/is-instant';
export * from './bodies/json-body';
export * from './routes/checks-caller-first';
export * from './input/may-be-absent';
export * from './input/read-known';
export { TakesLines, TakesValuesUpTo } from './input/unsafe-input';
export * from './problems/oauth-problem';
export * from './problems/oauth-problem.dto';
export * from './html/html-page';
export * from './pages/page';
export * from './problems/plain-answers';
export * from './problems/problem';
export * from './problems/problem.dto';
export * from './problems/problem.filter';
export {
  AnswersBrowsers,
  escapeHtml,
  type ProblemShape,
  type ShapedProblem,
} from './problems/problem.filter';
export { withParameters } from './problems/with-parameters';
export * from './bodies/request-body';
export * from './requests/request-id';
export * from './requests/request-uri';
export * from './routes/route-config';
export * from './routes/route-table';
export * from './requests/well-formed';
export * from './id-in-path';
