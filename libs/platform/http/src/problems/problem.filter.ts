import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, errorDefinition } from '@countersign/errors';
import type { Logger } from '@countersign/observability';
import { requestError } from '../http.errors';
import { OAUTH_MEDIA_TYPE, toOAuthProblem } from './oauth-problem';
import { OTHER_MEDIA_TYPE, shapeFor, type ProblemShape } from './problem-shape';
import { problemHeaders, toAppError, toProblem } from './problem';
import { logProblem } from './problem-log';
import { answerBrowser, asksForJson } from './problem-page';
import type { RouteTable } from '../routes/route-table';

/** Turns thrown errors into responses; for endpoints on node:http itself see `PlainAnswers`. */
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
    if (answersBrowsers && !asksForJson(request)) answerBrowser(problem, reply);
    else if (shape) {
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

/** What the caller gets where the error is about their own account. */
function forSelf(error: AppError, { callerUserId }: FastifyRequest): AppError {
  const { options, definition } = error;
  const code = options.userId === undefined || options.userId !== callerUserId ? '' : definition.codeForSelf;
  const own = errorDefinition(code ?? '');
  return code && own ? new AppError(code, own) : error;
}

/**
 * Whether the request broke off while it was read. Its socket fails with the same codes as that of the
 * database.
 */
function isOfClient(thrown: unknown, { raw }: FastifyRequest): boolean {
  return raw.errored !== null && raw.errored === thrown;
}
