import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Logger, Metrics } from '@countersign/runtime';
import { OAUTH_MEDIA_TYPE, toOAuthProblem } from './oauth-problem';
import { logProblem, problemHeaders, toAppError, toProblem } from './problem';

/** A response on node:http, without the framework. */
export interface PlainAnswer {
  readonly method: string;
  readonly route: string;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly headers: readonly string[];
  /** Milliseconds, from `performance.now()`. */
  readonly startedAt: number;
  readonly speaksOAuth: boolean;
}

/** All endpoints on node:http share it: they have the same errors, metrics and logs as the framework. */
@Injectable()
export class PlainAnswers {
  constructor(
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {}

  /** Sends the error. @returns its code */
  refuse({ response, requestId, headers, speaksOAuth }: PlainAnswer, thrown: unknown): string {
    const error = toAppError(thrown);
    logProblem(this.logger, error, requestId);
    if (error.code === 'service.data_unreadable') this.metrics.dataUnreadable({});
    const problem = (speaksOAuth ? toOAuthProblem : toProblem)(error, requestId);
    const own = { ...problemHeaders(error), ...(speaksOAuth ? { 'content-type': OAUTH_MEDIA_TYPE } : {}) };
    const body = JSON.stringify(problem);
    const length = String(Buffer.byteLength(body));
    response.writeHead(problem.status, [...headers, ...Object.entries(own).flat(), 'content-length', length]);
    response.end(body);
    return error.code;
  }

  count({ method, route, response: { statusCode: status }, startedAt }: PlainAnswer): number {
    const milliseconds = performance.now() - startedAt;
    this.metrics.requestAnswered({ route, method, status, seconds: milliseconds / 1_000 });
    return milliseconds;
  }

  /** Counts and logs a response. @param code of the refusal */
  note(answer: PlainAnswer, code: string | undefined): void {
    const { method, route, requestId, response } = answer;
    const durationMs = Math.round(this.count(answer) * 10) / 10;
    const refusal = code === undefined ? {} : { code };
    const { statusCode: status } = response;
    const isHungUp = response.destroyed ? { isHungUp: true } : {};
    this.logger.info({ requestId, method, route, status, durationMs, ...refusal, ...isHungUp }, 'answered');
  }
}
