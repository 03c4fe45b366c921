import { HttpException, type HttpExceptionOptions } from '@nestjs/common';
import { IdentityTokenError, type IdentityTokenErrorCode } from '../src';

const titles = { 401: 'Unauthorized', 403: 'Forbidden', 503: 'Service Unavailable' };

const statuses: Partial<Record<IdentityTokenErrorCode, keyof typeof titles>> = {
  keys_unavailable: 503,
  assurance_too_low: 403,
};

/** A response with the members of RFC 9457 problem details and a `code` for clients. */
export function problem(
  status: keyof typeof titles,
  code: string,
  detail: string,
  options?: HttpExceptionOptions,
): HttpException {
  const name = `identity_token.${code}`;
  const type = `urn:countersign:error:${name}`;
  return new HttpException({ type, title: titles[status], status, detail, code: name }, status, options);
}

/** Other errors are passed on: they fail the request too. */
export function toProblem(error: unknown): unknown {
  if (!(error instanceof IdentityTokenError)) return error;
  const status = statuses[error.code] ?? 401;
  return problem(status, error.code, `${error.message}.`, { cause: error });
}
