import type { IdentityTokenError } from './identity-token-error';

const titles = { 401: 'Unauthorized', 403: 'Forbidden', 503: 'Service Unavailable' } as const;

const RETRY_AFTER = '5';

const CHALLENGE = 'Bearer realm="countersign"';

/** A response with the members of RFC 9457 problem details and a `code` for clients. */
export interface Problem {
  readonly status: keyof typeof titles;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<'type' | 'title' | 'detail' | 'code', string> & { status: number }>;
}

export function problemOf({ code, message }: IdentityTokenError): Problem {
  if (code === 'keys_unavailable') return problem(503, code, `${message}.`, { 'retry-after': RETRY_AFTER });
  if (code === 'assurance_too_low') return problem(403, code, `${message}.`);
  return problem(401, code, `${message}.`, {
    'www-authenticate': code === 'missing' ? CHALLENGE : `${CHALLENGE}, error="invalid_token"`,
  });
}

/** RFC 6750, section 3.1. */
export function scopeProblem(scopes: readonly string[]): Problem {
  const scope = scopes.join(' ');
  return problem(403, 'insufficient_scope', `This needs the scope ${scope}.`, {
    'www-authenticate': `${CHALLENGE}, error="insufficient_scope", scope="${scope}"`,
  });
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
