import { HttpException } from '@nestjs/common';
import {
  AppError,
  type Challenge,
  type ErrorDefinition,
  type ErrorKind,
  type FieldError,
} from '@countersign/text';
import { isDataKeyId, SealError } from '@countersign/crypto';
import { isDatabaseAway, keyMissing, unavailable } from '@countersign/database';
import type { Logger } from '@countersign/runtime';
import { requestError } from '../http.errors';

/** RFC 9457 problem details with a public `code`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly FieldError[];
}

const statuses: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  gone: 410,
  'too-large': 413,
  'unsupported-media-type': 415,
  misdirected: 421,
  impossible: 422,
  'rate-limited': 429,
  internal: 500,
  unavailable: 503,
};

export function statusOf(kind: ErrorKind): number {
  return statuses[kind];
}

export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof SealError)
    return isOfNewKey(thrown)
      ? keyMissing(thrown)
      : requestError('service.data_unreadable', { cause: thrown });
  if (isDatabaseAway(thrown)) return unavailable(thrown);
  const { statusCode, code } = (thrown ?? {}) as { statusCode?: unknown; code?: unknown };
  if (code === 'FST_ERR_BAD_URL') return requestError('request.malformed_url');
  const status = thrown instanceof HttpException ? thrown.getStatus() : Number(statusCode);
  // The file server answers 403 for a path outside of its folder.
  if (status === 403 || status === 404) return requestError('request.route_not_found');
  if (status === 413 || status === 414) return requestError('request.too_large');
  if (status === 415) return requestError('request.unsupported_media_type');
  // The client causes all other errors of the framework too.
  if (status >= 400 && status < 500) return requestError('request.malformed', { cause: thrown });
  return requestError('service.internal_error', { cause: thrown });
}

/** A replica without a new key of the ring cannot read another replica's values. Data keys are stored with the data. */
function isOfNewKey({ code, keyId }: SealError): boolean {
  return code === 'unknown_key' && keyId !== undefined && !isDataKeyId(keyId);
}

export function toProblem(error: AppError, requestId: string): Problem {
  const { fields, detail, members } = error.options;
  return {
    type: `urn:countersign:error:${error.code}`,
    title: error.definition.title,
    status: statusOf(error.kind),
    detail: detail ?? sentenceOf(error.definition),
    code: error.code,
    requestId,
    ...(fields ? { errors: fields } : {}),
    ...members,
  };
}

export function problemHeaders(error: AppError): Record<string, string> {
  const { retryAfterSeconds } = error.options;
  const challenge = challengeOf(error);
  return {
    'cache-control': 'no-store',
    'content-type': 'application/problem+json; charset=utf-8',
    // A gateway that cannot use the body of a check can build another body from this header.
    'x-problem-code': error.code,
    ...(challenge ? { 'www-authenticate': textOf(challenge) } : {}),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  };
}

/** The definition has a challenge for insufficient scope (RFC 6750, section 3.1). */
export function challengeOf({ kind, definition }: AppError): Challenge | undefined {
  return definition.challenge ?? (kind === 'unauthenticated' ? { scheme: 'Bearer' } : undefined);
}

/** RFC 9110, section 11.6.1. A DPoP challenge names no realm, as in the examples of RFC 9449. */
function textOf({ scheme, error, algorithms }: Challenge): string {
  const parameters = [
    ...(scheme === 'DPoP' ? [] : ['realm="countersign"']),
    ...(error === undefined ? [] : [`error="${error}"`]),
    ...(algorithms === undefined ? [] : [`algs="${algorithms.join(' ')}"`]),
  ];
  return `${scheme} ${parameters.join(', ')}`;
}

function sentenceOf({ title, remedy }: ErrorDefinition): string {
  return remedy ? `${title}. ${remedy}` : `${title}.`;
}

/** Logs the errors that an operator must see, but not those of callers. */
export function logProblem(logger: Logger, error: AppError, requestId: string): void {
  const { cause } = error.options;
  if (error.code === 'service.data_unreadable')
    logger.error({ requestId, err: cause }, 'stored data cannot be read');
  else if (error.kind === 'internal') logger.error({ requestId, err: cause }, 'a request failed');
  else if (error.kind === 'unavailable') logger.warn({ requestId, err: cause }, 'unavailable');
}
