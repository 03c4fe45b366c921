import { pageAnswer, redirectAnswer, type FakeOidcAnswer } from './fake-oidc-answer';
import type { FakeOidcAlgorithm } from './fake-oidc-keys';
import type { FakeOidcPerson } from './fake-oidc-person';

/** A bot with web login, as BotFather registers it. */
export interface FakeOidcClient {
  readonly clientId: string;
  /** BotFather's client secret, which is not the bot's token. */
  readonly clientSecret: string;
  /** The URIs must match exactly. */
  readonly redirectUris: readonly string[];
  /** The default is RS256. */
  readonly algorithm?: FakeOidcAlgorithm;
}

export interface FakeOidcGrant {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly scopes: readonly string[];
  readonly person: FakeOidcPerson;
}

const MAX_STATE_LENGTH = 256;

/** Answers `GET /auth` at once; `null` declines. Telegram is less strict: it does not require PKCE with S256. */
export function authorize(
  query: URLSearchParams,
  clients: ReadonlyMap<string, FakeOidcClient>,
  person: FakeOidcPerson | null,
  issueCode: (grant: FakeOidcGrant) => string,
): FakeOidcAnswer {
  if (new Set(query.keys()).size !== query.size) return pageAnswer(400, 'a parameter occurs twice');
  const client = clients.get(query.get('client_id') ?? '');
  if (!client) return pageAnswer(400, 'client_id invalid');
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!client.redirectUris.includes(redirectUri)) return pageAnswer(400, 'redirect_uri invalid');
  const state = query.get('state');
  if (state !== null && state.length > MAX_STATE_LENGTH) return pageAnswer(400, 'state too long');

  const scopes = (query.get('scope') ?? '').split(' ');
  const error = requestError(query, scopes) ?? (person ? null : 'access_denied');
  if (error !== null || person === null) return redirectAnswer(redirectUri, { error, state });

  const code = issueCode({
    clientId: client.clientId,
    redirectUri,
    codeChallenge: query.get('code_challenge') ?? '',
    scopes,
    person,
  });
  return redirectAnswer(redirectUri, { code, state });
}

/** Returns an error code of RFC 6749, section 4.1.2.1. */
function requestError(query: URLSearchParams, scopes: readonly string[]): string | null {
  if (query.get('response_type') !== 'code') return 'unsupported_response_type';
  if (!scopes.includes('openid')) return 'invalid_scope';
  const isS256 = query.get('code_challenge_method') === 'S256';
  return isS256 && /^[A-Za-z0-9_-]{43}$/.test(query.get('code_challenge') ?? '') ? null : 'invalid_request';
}
