import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Logger } from '@countersign/observability';
import { requestError } from './http.errors';
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
    let error = toAppError(thrown);
    if (error.code === 'request.route_not_found') {
      const allowed = this.routes.methodsOf(request.url);
      if (allowed.length > 0) {
        error = requestError('request.method_not_allowed');
        void reply.header('allow', allowed.join(', '));
      }
    }
    const { cause } = error.options;
    if (error.kind === 'internal')
      this.logger.error({ requestId: request.id, err: cause }, 'a request failed');
    else if (error.kind === 'unavailable')
      this.logger.warn({ requestId: request.id, err: cause }, 'unavailable');
    request.problemCode = error.code;
    const problem = toProblem(error, request.id);
    void reply.status(problem.status).headers(problemHeaders(error)).send(JSON.stringify(problem));
  }
}
