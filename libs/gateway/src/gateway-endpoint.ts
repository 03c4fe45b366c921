import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import {
  atEndOfTurn,
  problemHeaders,
  requestError,
  requestIdOf,
  toAppError,
  toProblem,
} from '@countersign/http';
import { Logger, Metrics, Tracing } from '@countersign/observability';
import { DpopNonces } from '@countersign/sessions';
import { readCheckHeaders, type CheckHeaders } from './check-headers';
import { forwardedRequest, requestBehindPrefix } from './forwarded-request';
import { GatewayCheck, type Vouched } from './gateway-check';
import { questionOfHeaders, questionOfQuery } from './question';

const PATH = '/v1/gateway/authorize';

/** More than anybody sends. By its own default Node drops what comes after, such as credentials that come twice. */
const MOST_HEADERS = 1_000;

/** A check on its way. */
interface Check {
  readonly method: string;
  readonly headers: CheckHeaders;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** Names and values of headers that every answer has. */
  readonly told: string[];
  readonly startedAt: number;
}

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
    else this.judge(request, response);
  }

  private answerTraced(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', headers } = request;
    const traceparent = typeof headers['traceparent'] === 'string' ? headers['traceparent'] : undefined;
    const span = this.tracing.openRequest({ method, route: PATH, traceparent });
    span.run(() => {
      const check = this.open(request, response);
      const vouching = new Promise<Vouched>((resolve) => {
        resolve(this.ask(request, check));
      });
      void this.judgeLater(check, vouching).then((errorCode) => {
        span.end({ status: response.statusCode, errorCode });
      });
    });
  }

  /** No promise where memory knows everything: then all that were asked in this turn are answered one after the other. */
  private judge(request: IncomingMessage, response: ServerResponse): void {
    const check = this.open(request, response);
    try {
      const vouched = this.ask(request, check);
      if (vouched instanceof Promise) void this.judgeLater(check, vouched);
      // Behind another answer of its connection: what waits there is bounded by Node once it is made.
      else if (response.socket === null) this.conclude(check, vouched);
      else
        atEndOfTurn(() => {
          this.conclude(check, vouched);
        });
    } catch (thrown) {
      this.refuse(check, thrown);
    }
  }

  /** @returns the code of the refusal. Never rejects. */
  private async judgeLater(check: Check, vouching: Promise<Vouched>): Promise<string | undefined> {
    try {
      return this.permit(check, await vouching);
    } catch (thrown) {
      return this.refuse(check, thrown);
    }
  }

  private conclude(check: Check, vouched: Vouched): void {
    try {
      this.permit(check, vouched);
    } catch (thrown) {
      this.refuse(check, thrown);
    }
  }

  private open(request: IncomingMessage, response: ServerResponse): Check {
    const startedAt = performance.now();
    const headers = readCheckHeaders(request.rawHeaders);
    const requestId = requestIdOf(headers.requestId);
    const told = ['x-request-id', requestId];
    if (headers.dpop !== undefined) told.push('dpop-nonce', this.nonces.next());
    return { method: request.method ?? '', headers, response, requestId, told, startedAt };
  }

  private ask(request: IncomingMessage, { headers, told }: Check): Vouched | Promise<Vouched> {
    if (request.rawHeaders.length > 2 * MOST_HEADERS) throw requestError('request.too_large');
    const path = (request.url ?? '').slice(PATH.length);
    return path.startsWith('/')
      ? this.check.vouch(
          headers,
          questionOfHeaders(request.headers),
          () => requestBehindPrefix(request, path),
          told,
        )
      : this.check.vouch(headers, questionOfQuery(path), () => forwardedRequest(request), told);
  }

  /** The headers as a list, which node:http writes down as it is: most of what a check costs is its answer. */
  private permit(check: Check, { principal, identityToken }: Vouched): undefined {
    const { response, told } = check;
    response.writeHead(200, [
      ...told,
      'x-user-id',
      principal.userId,
      'x-session-id',
      principal.sessionId,
      'x-application-id',
      principal.applicationId,
      'x-assurance',
      principal.assurance,
      'x-identity-token',
      identityToken,
      'cache-control',
      'no-store',
      'content-length',
      '0',
    ]);
    response.end();
    this.note(check, undefined);
  }

  private refuse(check: Check, thrown: unknown): string {
    const { response, requestId, told } = check;
    const error = toAppError(thrown);
    const { cause } = error.options;
    if (error.code === 'service.data_unreadable') {
      this.metrics.dataUnreadable();
      this.logger.error({ requestId, err: cause }, 'stored data cannot be read');
    } else if (error.kind === 'internal') this.logger.error({ requestId, err: cause }, 'a check failed');
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
    this.note(check, error.code);
    return error.code;
  }

  /** What was permitted is not worth a line each: the gateway has its own log. */
  private note({ method, response, requestId, startedAt }: Check, code: string | undefined): void {
    const { statusCode: status } = response;
    const milliseconds = performance.now() - startedAt;
    this.metrics.requestAnswered({ route: PATH, method, status, seconds: milliseconds / 1_000 });
    if (code === undefined) return;
    const durationMs = Math.round(milliseconds * 10) / 10;
    this.logger.info({ requestId, method, route: PATH, status, durationMs, code }, 'answered');
  }
}
