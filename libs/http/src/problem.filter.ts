import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppError } from '@countersign/errors';
import type { Logger } from '@countersign/observability';
import { requestError } from './http.errors';
import { OAUTH_MEDIA_TYPE, toOAuthProblem } from './oauth-problem';
import { problemHeaders, toAppError, toProblem } from './problem';
import type { RouteTable } from './route-table';

/** The only place where failures become answers. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly routes: RouteTable,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const failure = isOfClient(thrown, request) ? requestError('request.malformed') : toAppError(thrown);
    const error = this.refine(failure, request, reply);
    this.log(error, request);
    request.problemCode = error.code;
    const problem = toProblem(error, request.id);
    void reply.status(problem.status).headers(problemHeaders(error));
    if (request.routeOptions.config.speaksOAuth)
      void reply.header('content-type', OAUTH_MEDIA_TYPE).send(JSON.stringify(toOAuthProblem(problem)));
    else void reply.send(JSON.stringify(problem));
  }

  /** The framework says "no such route" also where the path has one for another method. */
  private refine(error: AppError, request: FastifyRequest, reply: FastifyReply): AppError {
    if (error.code !== 'request.route_not_found') return error;
    const allowed = this.routes.methodsOf(request);
    if (allowed.length === 0 || allowed.includes(request.method)) return error;
    void reply.header('allow', allowed.join(', '));
    return requestError('request.method_not_allowed');
  }

  private log(error: AppError, { id: requestId }: FastifyRequest): void {
    const { cause } = error.options;
    if (error.code === 'service.data_unreadable')
      this.logger.error({ requestId, err: cause }, 'stored data cannot be read');
    else if (error.kind === 'internal') this.logger.error({ requestId, err: cause }, 'a request failed');
    else if (error.kind === 'unavailable') this.logger.warn({ requestId, err: cause }, 'unavailable');
  }
}

/** Whether the request broke off while it was read. Its socket fails with the same codes as that of the database. */
function isOfClient(thrown: unknown, { raw }: FastifyRequest): boolean {
  return raw.errored !== null && raw.errored === thrown;
}
