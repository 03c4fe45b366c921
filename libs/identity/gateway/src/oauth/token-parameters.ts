import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { assertSafe, invalidField, type Form, Id, Text } from '@countersign/http';
import { oauthError } from './oauth.errors';

export class TokenRequest {
  @Text('An access or a refresh token.', 'cs_at_k1_AZmjxn8ue9GdDD9fDy9qEWJhc2U2NHVybA')
  token: string;

  @Text('Ignored: the kind is part of the token.', 'access_token', { optional: true })
  token_type_hint?: string;

  @Id('The application, where a client without a secret names it.', undefined, { optional: true })
  client_id?: string;
}

const TAKEN = ['token', 'token_type_hint', 'client_id'] as const satisfies readonly (keyof TokenRequest)[];

/** Client authentication of RFC 6749 section 2.3.1 and RFC 7521, which is not supported here. */
const CREDENTIALS = ['client_secret', 'client_assertion', 'client_assertion_type'];

export const TokenParameters = createParamDecorator((_: unknown, context: ExecutionContext): TokenRequest => {
  const { url, body } = context.switchToHttp().getRequest<FastifyRequest>();
  return tokenParameters(url, (body ?? new Map()) as Form);
});

/** RFC 6749 section 3.1: a parameter without a value counts as absent, and an unknown one is ignored. */
export function tokenParameters(url: string, form: Form): TokenRequest {
  if (/\?./.test(url)) throw oauthError('request.misplaced_parameter');
  if (CREDENTIALS.some((name) => form.has(name))) throw oauthError('request.misplaced_parameter');
  const taken: Partial<TokenRequest> = {};
  for (const name of TAKEN) {
    const value = form.get(name);
    if (value) taken[name] = value;
  }
  assertSafe(taken);
  const { token } = taken;
  if (token === undefined) throw invalidField('token', 'string', 'must be a string');
  return { ...taken, token };
}
