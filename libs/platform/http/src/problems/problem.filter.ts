import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, errorDefinition } from '@countersign/text';
import type { Logger } from '@countersign/runtime';
import { requestError } from '../http.errors';
import { OAUTH_MEDIA_TYPE, toOAuthProblem } from './oauth-problem';
import { logProblem, problemHeaders, toAppError, toProblem, type Problem } from './problem';
import type { RouteTable } from '../routes/route-table';

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the sent problem, for the log line. */
    problemCode?: string;
    callerUserId?: string;
  }
}

function plainPage(problem: Problem): string {
  const [title, detail, code] = [problem.title, problem.detail, problem.code].map(escapeHtml);
  return `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1><p>${detail}</p><p><code>${code}</code></p>`;
}

function answerBrowser(problem: Problem, page: string, reply: FastifyReply): void {
  void reply
    .status(problem.status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    .send(page);
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

export interface ShapedProblem {
  readonly body: object;
  /** If it differs from the problem's status. */
  readonly status?: number;
}

/** The errors of an API whose clients do not read problem details. */
export interface ProblemShape {
  /** The prefixes of its paths. An error for an unknown path or method below a prefix has this form too. */
  readonly prefixes: readonly string[];
  readonly shape: (problem: Problem, request: FastifyRequest) => ShapedProblem;
}

const OTHER_MEDIA_TYPE = 'application/json; charset=utf-8';

/** @returns `undefined` for problem details */
function shapeFor(
  shapes: readonly ProblemShape[],
  { routeOptions, url }: FastifyRequest,
): ProblemShape['shape'] | undefined {
  const path = routeOptions.url ?? url;
  return shapes.find(({ prefixes }) => prefixes.some((prefix) => path.startsWith(prefix)))?.shape;
}

/** Turns thrown errors into responses. `PlainAnswers` does this for endpoints on node:http. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly routes: RouteTable,
    private readonly shapes: readonly ProblemShape[],
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const failure = isOfClient(thrown, request) ? requestError('request.malformed') : toAppError(thrown);
    const error = this.refine(forSelf(failure, request), request, reply);
    logProblem(this.logger, error, request.id);
    request.problemCode = error.code;
    const problem = toProblem(error, request.id);
    void reply.status(problem.status).headers(problemHeaders(error));
    const { answersBrowsers, speaksOAuth } = request.routeOptions.config;
    const shape = shapeFor(this.shapes, request);
    // A browser that opens a link never asks for JSON.
    const isBrowser = answersBrowsers && !request.headers.accept?.includes('json');
    if (isBrowser) {
      const page = answersBrowsers === true ? plainPage(problem) : answersBrowsers(problem, request);
      answerBrowser(problem, page, reply);
    } else if (shape) {
      const { body, status = problem.status } = shape(problem, request);
      void reply.status(status).header('content-type', OTHER_MEDIA_TYPE).send(JSON.stringify(body));
    } else if (speaksOAuth)
      void reply
        .header('content-type', OAUTH_MEDIA_TYPE)
        .send(JSON.stringify(toOAuthProblem(error, request.id)));
    else void reply.send(JSON.stringify(problem));
  }

  /** The framework says "no such route" also for a known path with another method. */
  private refine(error: AppError, request: FastifyRequest, reply: FastifyReply): AppError {
    if (error.code !== 'request.route_not_found') return error;
    const allowed = this.routes.methodsOf(request);
    if (allowed.length === 0 || allowed.includes(request.method)) return error;
    void reply.header('allow', allowed.join(', '));
    return requestError('request.method_not_allowed');
  }
}

function forSelf(error: AppError, { callerUserId }: FastifyRequest): AppError {
  const { options, definition } = error;
  const code = options.userId === undefined || options.userId !== callerUserId ? '' : definition.codeForSelf;
  const own = errorDefinition(code ?? '');
  return code && own ? new AppError(code, own) : error;
}

/** Whether the request broke off during reading. Its socket has the same error codes as that of the database. */
function isOfClient(thrown: unknown, { raw }: FastifyRequest): boolean {
  return raw.errored !== null && raw.errored === thrown;
}
