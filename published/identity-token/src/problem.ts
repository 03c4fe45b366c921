import type { IdentityTokenError, IdentityTokenErrorCode } from './identity-token-error';

const titles = { 401: 'Unauthorized', 403: 'Forbidden', 503: 'Service Unavailable' } as const;

const statuses: Partial<Record<IdentityTokenErrorCode, keyof typeof titles>> = {
  keys_unavailable: 503,
  assurance_too_low: 403,
};

/** In seconds, for callers while the keys are away. */
const RETRY_AFTER = '5';

/** The realm of the challenges of Countersign itself. */
const CHALLENGE = 'Bearer realm="countersign"';

/** A response with the members of RFC 9457 problem details and a `code` for clients. */
export interface Problem {
  readonly status: keyof typeof titles;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<'type' | 'title' | 'detail' | 'code', string> & { status: number }>;
}

function problem(
  status: Problem['status'],
  code: string,
  detail: string,
  headers: Problem['headers'] = {},
): Problem {
  const name = `identity_token.${code}`;
  const type = `urn:countersign:error:${name}`;
  return {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', ...headers },
    body: { type, title: titles[status], status, detail, code: name },
  };
}

export function problemOf(error: IdentityTokenError): Problem {
  const status = statuses[error.code] ?? 401;
  return problem(status, error.code, `${error.message}.`, headersOf(status, error.code));
}

/** RFC 6750, section 3.1. @param scopes scope tokens */
export function scopeProblem(scopes: readonly string[]): Problem {
  const scope = scopes.join(' ');
  return problem(403, 'insufficient_scope', `This needs the scope ${scope}.`, {
    'www-authenticate': `${CHALLENGE}, error="insufficient_scope", scope="${scope}"`,
  });
}

function headersOf(status: Problem['status'], code: IdentityTokenErrorCode): Problem['headers'] {
  if (status === 503) return { 'retry-after': RETRY_AFTER };
  if (status === 403) return {};
  return { 'www-authenticate': code === 'missing' ? CHALLENGE : `${CHALLENGE}, error="invalid_token"` };
}
