import { readJsonMembers } from '@countersign/text';
import { oidcError } from '../auth.errors';

/** URLs of an OpenID provider. */
export interface ProviderEndpoints {
  readonly authorization: string;
  readonly token: string;
  readonly jwks: string;
}

/**
 * Reads a discovery document (OpenID Connect Discovery 1.0, section 4.3): it must be the issuer's own, and must lead
 * nowhere else, since the client secret is sent there.
 * @throws AppError oidc.answer_malformed
 */
export function readProviderEndpoints(text: string, issuer: string): ProviderEndpoints {
  const document = readJsonMembers(text);
  if (document?.get('issuer')?.value !== issuer) throw oidcError('oidc.answer_malformed');
  const endpoint = (name: string): string => {
    const value = document.get(name)?.value;
    if (typeof value !== 'string' || !isAt(issuer, value)) throw oidcError('oidc.answer_malformed');
    return value;
  };
  return {
    authorization: endpoint('authorization_endpoint'),
    token: endpoint('token_endpoint'),
    jwks: endpoint('jwks_uri'),
  };
}

function isAt(issuer: string, text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, username, password, hash } = new URL(text);
  return origin === new URL(issuer).origin && username === '' && password === '' && hash === '';
}
