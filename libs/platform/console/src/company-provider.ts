import { Injectable } from '@nestjs/common';
import * as oauth from 'oauth4webapi';
import { Clock, Configuration } from '@countersign/runtime';
import { sha256 } from '@countersign/crypto';
import { boundedFetch } from '@countersign/fetch';
import { consoleError } from './console.errors';

const TIME_LIMIT_MS = 4_000;
const MAX_ANSWER_BYTES = 256 * 1024;
const FRESH_MS = 3_600_000;
/** The tolerated skew of the provider's clock, as for the proofs of people. */
const MAX_SKEW_SECONDS = 60;
/** A sign-in lasts as long as a console session. Afterwards the command line needs another one. */
const LOGIN_SECONDS = 12 * 3_600;
/** A new sign-in can fix these errors (RFC 6749, OpenID Connect Core 1.0). Others need an administrator. */
const OF_PERSON =
  /^(?:access_denied|invalid_grant|(?:login|interaction|account_selection|consent)_required)$/;

const CALLBACK_PATH = '/v1/admin/console/callback';

@Injectable()
export class CompanyProvider {
  private readonly options;
  private discovered: { readonly server: oauth.AuthorizationServer; readonly at: number } | null = null;

  constructor(
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {
    const { consoleOidcIssuer } = configuration;
    this.options = {
      [oauth.customFetch]: (
        url: string,
        { method, headers, body }: oauth.CustomFetchOptions<string, unknown>,
      ) =>
        boundedFetch(
          url,
          { method, headers, body: body instanceof URLSearchParams ? body : null },
          { timeLimitMs: TIME_LIMIT_MS, maxBytes: MAX_ANSWER_BYTES },
        ),
      // oxlint-disable-next-line typescript/no-deprecated -- the configuration takes http in development only
      [oauth.allowInsecureRequests]: consoleOidcIssuer?.startsWith('http:') ?? false,
    };
  }

  get isConfigured(): boolean {
    return this.configuration.consoleOidcIssuer !== null;
  }

  /** @param asksForSignIn whether the provider must ask for a sign-in, even if the browser has a session there */
  async authorizationUrl(secret: string, asksForSignIn: boolean): Promise<string> {
    const { authorization_endpoint } = await this.asking(() => this.discover());
    if (authorization_endpoint === undefined || !URL.canParse(authorization_endpoint))
      throw consoleError('console.provider_failed');
    const { state, nonce, codeVerifier } = begunWith(secret);
    const { consoleOidcMaxAge: maxAge } = this.configuration;
    const url = new URL(authorization_endpoint);
    const parameters = {
      client_id: this.client.client_id,
      redirect_uri: this.redirectUri,
      response_type: 'code',
      scope: this.configuration.consoleOidcScope,
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      ...(maxAge === 0 ? {} : { max_age: String(maxAge) }),
      ...(asksForSignIn ? { prompt: 'login' } : {}),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }

  /**
   * Checks signature, issuer, audience, nonce, times and `auth_time` of the id token. @param parameters the redirect's
   * query
   * @param notBefore the earliest `auth_time`: the person can remove `prompt=login` from the address
   */
  async claimsOf(
    parameters: URLSearchParams,
    secret: string,
    notBefore: Date | null,
  ): Promise<oauth.IDToken> {
    const { state, nonce, codeVerifier } = begunWith(secret);
    const maxAge = this.maxAgeSince(notBefore);
    // Only the provider and this browser know the state.
    if (parameters.getAll('state').join(' ') !== state) throw consoleError('console.sign_in_failed');
    return this.asking(async () => {
      const server = await this.discover();
      const accepted = oauth.validateAuthResponse(server, this.client, parameters, state);
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        this.client,
        this.authenticationAt(server),
        accepted,
        this.redirectUri,
        codeVerifier,
        this.options,
      );
      const answer = await oauth.processAuthorizationCodeResponse(server, this.client, response, {
        expectedNonce: nonce,
        requireIdToken: true,
        ...(maxAge === 0 ? {} : { maxAge }),
      });
      await oauth.validateApplicationLevelSignature(server, response, this.options);
      const claims = oauth.getValidatedIdTokenClaims(answer);
      if (!claims) throw new TypeError('no id token');
      this.assertNotAhead(claims);
      return claims;
    }, notBefore !== null);
  }

  /** Checks an id token of the command line in the same way, but without a nonce. */
  async claimsOfDevice(idToken: string): Promise<oauth.IDToken> {
    const { consoleOidcDeviceClientId: clientId, consoleOidcMaxAge: maxAge } = this.configuration;
    if (clientId === null) throw consoleError('console.sign_in_failed');
    const server = await this.asking(() => this.discover());
    const claims = await this.claimsIn(server, { client_id: clientId }, idToken);
    const age = this.clock.now().getTime() / 1_000 - (claims?.auth_time ?? 0);
    // Only a logout token has this claim (OpenID Connect Back-Channel Logout 1.0, section 2.4).
    if (!claims || 'events' in claims) throw consoleError('console.sign_in_failed');
    if (maxAge !== 0 && age > LOGIN_SECONDS) throw consoleError('console.sign_in_not_repeated');
    return claims;
  }

  /** The library verifies an id token only in an answer of the token endpoint. */
  private async claimsIn(
    server: oauth.AuthorizationServer,
    client: oauth.Client,
    idToken: string,
  ): Promise<oauth.IDToken | undefined> {
    const response = Response.json({ access_token: 'none', token_type: 'bearer', id_token: idToken });
    try {
      const answer = await oauth.processDeviceCodeResponse(server, client, response);
      await oauth.validateApplicationLevelSignature(server, response, this.options);
      const claims = oauth.getValidatedIdTokenClaims(answer);
      if (claims) this.assertNotAhead(claims);
      return claims;
    } catch (cause) {
      const isToken =
        cause instanceof oauth.OperationProcessingError || cause instanceof oauth.UnsupportedOperationError;
      throw consoleError(isToken ? 'console.sign_in_failed' : 'console.provider_failed', { cause });
    }
  }

  /** An id token from the future would outlive the limits of age. */
  private assertNotAhead({ iat, auth_time: signedInAt = iat }: oauth.IDToken): void {
    if (Math.max(iat, signedInAt) > this.clock.now().getTime() / 1_000 + MAX_SKEW_SECONDS)
      throw new oauth.OperationProcessingError('the id token is dated in the future');
  }

  /** In seconds; 0 for a provider without `auth_time`. */
  private maxAgeSince(notBefore: Date | null): number {
    const { consoleOidcMaxAge: maxAge } = this.configuration;
    if (maxAge === 0 || notBefore === null) return maxAge;
    const since = Math.floor((this.clock.now().getTime() - notBefore.getTime()) / 1_000);
    return Math.min(maxAge, Math.max(1, since));
  }

  private get client(): oauth.Client {
    return { client_id: this.configuration.consoleOidcClientId ?? '' };
  }

  private get redirectUri(): string {
    return `${this.configuration.consoleUrl ?? ''}${CALLBACK_PATH}`;
  }

  /** Prefers the form, if the provider accepts it, because its values need no second encoding. */
  private authenticationAt(server: oauth.AuthorizationServer): oauth.ClientAuth {
    const { consoleOidcClientSecret: secret } = this.configuration;
    if (secret === null) return oauth.None();
    const methods = server.token_endpoint_auth_methods_supported;
    return methods?.includes('client_secret_post')
      ? oauth.ClientSecretPost(secret)
      : oauth.ClientSecretBasic(secret);
  }

  private async discover(): Promise<oauth.AuthorizationServer> {
    const now = this.clock.now().getTime();
    const { discovered } = this;
    if (discovered && Math.abs(now - discovered.at) < FRESH_MS) return discovered.server;
    const issuer = new URL(this.configuration.consoleOidcIssuer ?? '');
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, this.options),
    );
    this.discovered = { server, at: now };
    return server;
  }

  private async asking<T>(work: () => Promise<T>, hasSignedOut = false): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw consoleError(codeOf(cause, hasSignedOut), { cause });
    }
  }
}

function codeOf(cause: unknown, hasSignedOut: boolean): Parameters<typeof consoleError>[0] {
  const isRedirect = cause instanceof oauth.AuthorizationResponseError;
  if ((isRedirect || cause instanceof oauth.ResponseBodyError) && OF_PERSON.test(cause.error))
    return 'console.sign_in_failed';
  // A provider that does not support `prompt=login` answers like this.
  const isRejected = hasSignedOut && isRedirect && cause.error === 'invalid_request';
  const isOld =
    cause instanceof oauth.OperationProcessingError &&
    (cause.cause as { readonly claim?: string } | undefined)?.claim === 'auth_time';
  return isRejected || isOld ? 'console.sign_in_not_repeated' : 'console.provider_failed';
}

/** The reason for the log: the provider's error name or a fixed text, never other values of the provider. */
export function reasonOf(cause: unknown): string | undefined {
  if (cause instanceof oauth.AuthorizationResponseError || cause instanceof oauth.ResponseBodyError)
    return /^[a-z_]{1,40}$/.test(cause.error) ? cause.error : cause.message;
  return cause instanceof oauth.OperationProcessingError || cause instanceof oauth.UnsupportedOperationError
    ? cause.message
    : undefined;
}

/** The values that a sign-in at the provider needs. All derive from the secret in the browser's cookie. */
function begunWith(secret: string) {
  const derived = (what: string) =>
    sha256(`countersign/console-sign-in/${what} ${secret}`).toString('base64url');
  return { state: derived('state'), nonce: derived('nonce'), codeVerifier: derived('code-verifier') };
}
