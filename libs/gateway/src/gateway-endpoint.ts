import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { problemHeaders, requestIdOf, toAppError, toProblem } from '@countersign/http';
import { Logger, Metrics, Tracing } from '@countersign/observability';
import { DpopNonces } from '@countersign/sessions';
import { forwardedRequest, requestBehindPrefix } from './forwarded-request';
import { GatewayCheck, type Vouched } from './gateway-check';
import { questionOfHeaders, questionOfQuery } from './question';

const PATH = '/v1/gateway/authorize';

/**
 * The check that an API gateway makes before every request. It stands on node:http itself: for a question this short the
 * layers of the framework would cost several times the answer.
 */
@Injectable()
export class GatewayEndpoint {
  constructor(
    private readonly check: GatewayCheck,
    private readonly nonces: DpopNonces,
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
    private readonly logger: Logger,
  ) {}

  /** Whether a request is for the check: its very path, or one behind it. */
  isAsked(url: string): boolean {
    if (!url.startsWith(PATH)) return false;
    const next = url[PATH.length];
    return next === undefined || next === '?' || next === '/';
  }

  /** Answers any method. Whatever goes wrong is no permission. The body is the client's, and is not read. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.tracing.isOn) this.answerTraced(request, response);
    else void this.judge(request, response);
  }

  private answerTraced(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', headers } = request;
    const traceparent = typeof headers['traceparent'] === 'string' ? headers['traceparent'] : undefined;
    const span = this.tracing.openRequest({ method, route: PATH, traceparent });
    span.run(() => {
      void this.judge(request, response).then((errorCode) => {
        span.end({ status: response.statusCode, errorCode });
      });
    });
  }

  /** @returns the code of the refusal. Never rejects. */
  private async judge(request: IncomingMessage, response: ServerResponse): Promise<string | undefined> {
    const startedAt = performance.now();
    const requestId = requestIdOf(request.headers['x-request-id']);
    const told = ['x-request-id', requestId];
    if (request.headers.dpop !== undefined) told.push('dpop-nonce', this.nonces.next());
    let code: string | undefined;
    try {
      permit(response, await this.ask(request, told), told);
    } catch (thrown) {
      code = this.refuse(response, thrown, told, requestId);
    }
    this.note(request, response, { requestId, code, startedAt });
    return code;
  }

  private ask(request: IncomingMessage, told: string[]): Promise<Vouched> {
    const path = (request.url ?? '').slice(PATH.length);
    return path.startsWith('/')
      ? this.check.vouch(
          request,
          questionOfHeaders(request.headers),
          () => requestBehindPrefix(request, path),
          told,
        )
      : this.check.vouch(request, questionOfQuery(path), () => forwardedRequest(request), told);
  }

  private refuse(
    response: ServerResponse,
    thrown: unknown,
    told: readonly string[],
    requestId: string,
  ): string {
    const error = toAppError(thrown);
    const { cause } = error.options;
    if (error.kind === 'internal') this.logger.error({ requestId, err: cause }, 'a check failed');
    else if (error.kind === 'unavailable') this.logger.warn({ requestId, err: cause }, 'unavailable');
    const problem = toProblem(error, requestId);
    const body = JSON.stringify(problem);
    response.writeHead(problem.status, [
      ...told,
      ...Object.entries(problemHeaders(error)).flat(),
      'content-length',
      String(Buffer.byteLength(body)),
    ]);
    response.end(body);
    return error.code;
  }

  /** What was permitted is not worth a line each: the gateway has its own log. */
  private note(
    { method = '' }: IncomingMessage,
    { statusCode: status }: ServerResponse,
    { requestId, code, startedAt }: { requestId: string; code: string | undefined; startedAt: number },
  ): void {
    const milliseconds = performance.now() - startedAt;
    this.metrics.requestAnswered({ route: PATH, method, status, seconds: milliseconds / 1_000 });
    if (code === undefined) return;
    const durationMs = Math.round(milliseconds * 10) / 10;
    this.logger.info({ requestId, method, route: PATH, status, durationMs, code }, 'answered');
  }
}

/** As a list, which node:http writes down as it is: most of what a check costs is its answer. */
function permit(
  response: ServerResponse,
  { principal, identityToken }: Vouched,
  told: readonly string[],
): void {
  response.writeHead(200, [
    ...told,
    'x-user-id',
    principal.userId,
    'x-session-id',
    principal.sessionId,
    'x-application-id',
    principal.applicationId,
    'x-identity-token',
    identityToken,
    'cache-control',
    'no-store',
    'content-length',
    '0',
  ]);
  response.end();
}
