import * as oauth from 'oauth4webapi';
import { Injectable } from '@nestjs/common';
import { Clock, Configuration, plusSeconds } from '@countersign/runtime';
import { parseJwks, verifyIdToken, type IdTokenKeys, type VerifiedIdToken } from '@countersign/proofs';
import { readJsonObject, type JsonObject, parseUrl } from '@countersign/text';
import type { AuthorizationServer } from 'oauth4webapi';
import { boundedFetch } from '@countersign/fetch';
import { idTokenError, oidcError } from './oidc.errors';

/** Telegram's responses have about 2,000 bytes. */
const LIMITS = { timeLimitMs: 4_000, maxBytes: 64 * 1024 };

type ProviderFetch = (
  url: string,
  request?: { method?: string; headers?: Record<string, string>; body?: URLSearchParams | undefined },
) => Promise<Response>;

/** Rejects with AppError oidc.provider_unavailable. */
const providerFetch: ProviderFetch = async (url, { body = null, ...request } = {}) => {
  try {
    const answer = await boundedFetch(url, { ...request, body }, LIMITS);
    if (answer.status === 429 || answer.status >= 500)
      throw new Error(`the provider answered ${answer.status}`);
    return answer;
  } catch (cause) {
    throw oidcError('oidc.provider_unavailable', { cause });
  }
};

type Provider = AuthorizationServer &
  Record<'authorization_endpoint' | 'token_endpoint' | 'jwks_uri', string>;

/** The client secret goes to the token endpoint, so all endpoints must be at the issuer. */
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

const FRESH_SECONDS = 3_600;
const RETRY_SECONDS = 30;

/** Caches a document for an hour. Simultaneous calls share one request. After a failure, the old document stays. */
export class CachedDocument<T> {
  private cached: { readonly value: Promise<T>; readonly at: Date } | null = null;

  constructor(
    private readonly load: () => Promise<T>,
    private readonly clock: Clock,
  ) {}

  get(freshSeconds = FRESH_SECONDS): Promise<T> {
    const now = this.clock.now();
    const { cached } = this;
    // If the clock was set back, a document from the future counts as too old.
    if (cached && cached.at <= now && now < plusSeconds(cached.at, freshSeconds)) return cached.value;
    const loading = { value: this.load(), at: now };
    loading.value.catch(() => {
      if (this.cached === loading) this.cached = cached;
    });
    this.cached = loading;
    return loading.value;
  }

  /** Fetches the document again for a caller that misses an entry, unless it is younger than 30 seconds. */
  getNewer(): Promise<T> {
    return this.get(RETRY_SECONDS);
  }
}

/** "Log In With Telegram" as an OpenID provider. @see https://core.telegram.org/bots/telegram-login */
@Injectable()
export class TelegramOidc {
  readonly issuer: string;
  private readonly options;
  private readonly provider: CachedDocument<Provider>;
  private readonly keys: CachedDocument<IdTokenKeys>;

  constructor(
    { telegramOidcIssuer }: Configuration,
    private readonly clock: Clock,
  ) {
    this.issuer = telegramOidcIssuer;
    this.options = {
      [oauth.customFetch]: providerFetch,
      // oxlint-disable-next-line typescript/no-deprecated -- the configuration takes http in development only
      [oauth.allowInsecureRequests]: this.issuer.startsWith('http:'),
    };
    this.provider = new CachedDocument(() => this.discover(), clock);
    this.keys = new CachedDocument(() => this.readKeys(), clock);
  }

  async getAuthorizationEndpoint(): Promise<string> {
    return (await this.provider.get()).authorization_endpoint;
  }

  /**
   * Redeems an authorization code (RFC 6749, section 4.1.3). oauth4webapi does not parse the response: it would check
   * the claims of the id token, and refuse ES256K and a token without `access_token`.
   * @returns the id token, not yet verified
   */
  async redeem({
    clientId,
    clientSecret,
    ...of
  }: Record<'clientId' | 'clientSecret' | 'code' | 'redirectUri' | 'codeVerifier', string>): Promise<string> {
    const response = await oauth.genericTokenEndpointRequest(
      await this.provider.get(),
      { client_id: clientId },
      clientSecretBasic(clientSecret),
      'authorization_code',
      { client_id: clientId, code: of.code, redirect_uri: of.redirectUri, code_verifier: of.codeVerifier },
      this.options,
    );
    const answer = await jsonOf(response);
    if (response.status !== 200) {
      const isClient = response.status === 401 || answer?.['error'] === 'invalid_client';
      throw oidcError(isClient ? 'oidc.client_refused' : 'oidc.code_refused');
    }
    const idToken = answer?.['id_token'];
    if (typeof idToken !== 'string') throw oidcError('oidc.answer_malformed');
    return idToken;
  }

  async verify(idToken: string, clientId: string, nonce: string): Promise<VerifiedIdToken> {
    const policy = { issuer: this.issuer, clientId, nonce, now: this.clock.now() };
    const first = verifyIdToken(idToken, { ...policy, keys: await this.keys.get() });
    const isKeyUnknown = !first.ok && first.code === 'oidc.unknown_key';
    const verified = isKeyUnknown
      ? verifyIdToken(idToken, { ...policy, keys: await this.keys.getNewer() })
      : first;
    if (!verified.ok) throw idTokenError(verified.code);
    return verified.value;
  }

  private async discover(): Promise<Provider> {
    const issuer = new URL(this.issuer);
    const response = await oauth.discoveryRequest(issuer, this.options);
    const document = await jsonOf(response);
    const server = await oauth.processDiscoveryResponse(issuer, response).catch((cause: unknown) => {
      throw oidcError('oidc.answer_malformed', { cause });
    });
    // Compares the exact text (OpenID Connect Discovery 1.0, section 4.3). oauth4webapi accepts one more slash.
    if (document?.['issuer'] !== this.issuer) throw oidcError('oidc.answer_malformed');
    assertAtIssuer(server);
    return server;
  }

  private async readKeys(): Promise<IdTokenKeys> {
    const { jwks_uri } = await this.provider.get();
    const response = await providerFetch(jwks_uri);
    const keys = parseJwks(await jsonOf(response));
    if (response.status !== 200 || keys.size === 0) throw oidcError('oidc.answer_malformed');
    return keys;
  }
}

/** Undefined unless it is a JSON object without duplicate names: oauth4webapi would take the last duplicate. */
async function jsonOf(response: Response): Promise<JsonObject | undefined> {
  return readJsonObject(await response.clone().text());
}

/**
 * Both parts are encoded before they are joined (RFC 6749, section 2.3.1). `ClientSecretBasic` of
 * oauth4webapi also encodes `-` and `_`, which providers that do not decode refuse (panva/oauth4webapi#148).
 */
function clientSecretBasic(clientSecret: string): oauth.ClientAuth {
  return (_, { client_id }, _body, headers) => {
    const pair = `${encodeURIComponent(client_id)}:${encodeURIComponent(clientSecret)}`;
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
  };
}
