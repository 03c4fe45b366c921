import type { AuthorizationServer } from 'oauth4webapi';
import { parseUrl } from '@countersign/text';
import { oidcError } from './oidc.errors';

/** A discovery document whose endpoints are all at the issuer. */
export interface Provider extends AuthorizationServer {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
}

/**
 * The client secret goes to the token endpoint, so no endpoint may be elsewhere than the issuer.
 * @throws AppError oidc.answer_malformed
 */
export function assertAtIssuer(server: AuthorizationServer): asserts server is Provider {
  const { issuer, authorization_endpoint, token_endpoint, jwks_uri } = server;
  const isAll = [authorization_endpoint, token_endpoint, jwks_uri].every((url) => isAt(issuer, url));
  if (!isAll) throw oidcError('oidc.answer_malformed');
}

function isAt(issuer: string, text: unknown): boolean {
  const url = typeof text === 'string' ? parseUrl(text) : null;
  if (!url) return false;
  const { origin, username, password, hash } = url;
  return origin === new URL(issuer).origin && username === '' && password === '' && hash === '';
}
