import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ID_TOKEN_ALGORITHMS } from '@countersign/proofs';
import { jsonAnswer, pageAnswer, type FakeOidcAnswer } from './fake-oidc-answer';
import { authorize, type FakeOidcClient, type FakeOidcGrant } from './fake-oidc-authorize';
import { FakeOidcKeys, type FakeOidcAlgorithm, type FakeOidcPems } from './fake-oidc-keys';
import { profileClaims, tokenClaims, type FakeOidcClaims, type FakeOidcPerson } from './fake-oidc-person';
import { LocalServer, readBody } from '../local-server';
import { exchangeCode } from './fake-oidc-token';

export interface FakeOidcOptions {
  readonly now: () => Date;
  /** The `privateKeyPems` of another instance. The default are new keys. */
  readonly privateKeyPems?: FakeOidcPems | undefined;
  /** The default is a free port. */
  readonly port?: number;
}

export type FakeOidcEndpoint = 'discovery' | 'jwks' | 'auth' | 'token';

/** A fault of an endpoint until its removal. */
export type FakeOidcFault =
  /** The endpoint receives the request and never answers. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'answer'; readonly status: number; readonly body?: string }
  /** This many blanks follow the correct response, so that only a reader without a limit accepts it. */
  | { readonly kind: 'oversize'; readonly bytes: number };

const ROUTES: Readonly<Record<string, FakeOidcEndpoint>> = {
  'GET /.well-known/openid-configuration': 'discovery',
  'GET /.well-known/jwks.json': 'jwks',
  'GET /auth': 'auth',
  'POST /token': 'token',
};

const CODE_LIFETIME_MS = 300_000;

/**
 * Runs "Log In With Telegram" on 127.0.0.1 with its own keys: OpenID Connect as Telegram implements it, without
 * userinfo, refresh tokens and the nonce in the token. For tests and the demo, never for production.
 */
export class FakeOidc extends LocalServer {
  /** The person at the browser. `null` declines. */
  nextPerson: FakeOidcPerson | null = null;
  /** Adds claims to every id token, or replaces them. An undefined claim is left out. */
  claims: FakeOidcClaims = {};
  /** Replaces the algorithm of the client's registration. */
  algorithm: FakeOidcAlgorithm | null = null;
  /** The number of requests to each endpoint, including faults. */
  readonly requests: Record<FakeOidcEndpoint, number> = { discovery: 0, jwks: 0, auth: 0, token: 0 };

  protected readonly now: () => Date;
  private signingKeys: FakeOidcKeys;
  private readonly clients = new Map<string, FakeOidcClient>();
  private readonly codes = new Map<string, FakeOidcGrant & { readonly expiresAt: number }>();
  private readonly faults = new Map<FakeOidcEndpoint, FakeOidcFault | null>();

  constructor({ now, privateKeyPems, port = 0 }: FakeOidcOptions) {
    super(port);
    this.now = now;
    this.signingKeys = new FakeOidcKeys(privateKeyPems);
  }

  get privateKeyPems(): FakeOidcPems {
    return this.signingKeys.pems;
  }

  registerClient(client: FakeOidcClient): void {
    if (client.clientSecret.startsWith(`${client.clientId}:`)) {
      throw new RangeError("the client secret is a value of its own, not the bot's token");
    }
    this.clients.set(client.clientId, client);
  }

  /** @param fault `null` removes it */
  breakEndpoint(endpoint: FakeOidcEndpoint, fault: FakeOidcFault | null): void {
    this.faults.set(endpoint, fault);
  }

  /** Replaces all keys. The old keys are no longer published. */
  rotateKeys(): void {
    this.signingKeys = this.signingKeys.next();
  }

  /** Returns an id token with exactly these claims, such as a page gets from the JavaScript library. */
  issueIdToken(claims: FakeOidcClaims, algorithm: FakeOidcAlgorithm = 'RS256'): string {
    return this.signingKeys.sign(JSON.stringify(claims), algorithm);
  }

  /** Returns the claims of this person's token for a client, before `claims` changes them. */
  claimsFor(clientId: string, person: FakeOidcPerson, scopes = ['openid', 'profile']): FakeOidcClaims {
    return { ...tokenClaims(this.issuer, clientId, person.id, this.now()), ...profileClaims(person, scopes) };
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const endpoint = ROUTES[`${request.method ?? ''} ${pathname}`];
    if (!endpoint) return send(response, pageAnswer(404, 'not found'));
    this.requests[endpoint] += 1;
    const fault = this.faults.get(endpoint);
    const body = await readBody(request);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'answer')
      return send(response, { status: fault.status, headers: {}, body: fault.body ?? '' });
    const answer = this.answer(endpoint, searchParams, request, body);
    const padding = fault ? ' '.repeat(fault.bytes) : '';
    send(response, { ...answer, body: answer.body + padding });
  }

  private answer(
    endpoint: FakeOidcEndpoint,
    query: URLSearchParams,
    { headers }: IncomingMessage,
    body: string,
  ): FakeOidcAnswer {
    switch (endpoint) {
      case 'discovery':
        return jsonAnswer(200, discoveryDocument(this.issuer));
      case 'jwks':
        return jsonAnswer(200, this.signingKeys.jwks);
      case 'auth':
        return authorize(query, this.clients, this.nextPerson, (grant) => this.issueCode(grant));
      case 'token':
        return exchangeCode(
          headers,
          body,
          this.clients,
          (code) => this.consumeCode(code),
          (client, grant) => this.issueTokens(client, grant),
        );
    }
  }

  private issueTokens({ clientId, algorithm }: FakeOidcClient, { person, scopes }: FakeOidcGrant): object {
    const claims = { ...this.claimsFor(clientId, person, [...scopes]), ...this.claims };
    return {
      access_token: randomBytes(32).toString('base64url'),
      token_type: 'Bearer',
      expires_in: 3600,
      id_token: this.issueIdToken(claims, this.algorithm ?? algorithm),
    };
  }

  private issueCode(grant: FakeOidcGrant): string {
    const code = randomBytes(32).toString('base64url');
    this.codes.set(code, { ...grant, expiresAt: this.now().getTime() + CODE_LIFETIME_MS });
    return code;
  }

  private consumeCode(code: string): FakeOidcGrant | undefined {
    const grant = this.codes.get(code);
    this.codes.delete(code);
    return grant && grant.expiresAt > this.now().getTime() ? grant : undefined;
  }
}

/** Telegram's discovery document has no userinfo, no refresh tokens, and no `id` among the claims. */
function discoveryDocument(issuer: string): Readonly<Record<string, unknown>> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['code'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...ID_TOKEN_ALGORITHMS],
    scopes_supported: ['openid', 'phone', 'profile', 'telegram:bot_access', 'ton:wallet'],
    claims_supported: [
      'aud',
      'preferred_username',
      'phone_number',
      'exp',
      'iat',
      'iss',
      'name',
      'picture',
      'sub',
      'ton',
    ],
    code_challenge_methods_supported: ['plain', 'S256'],
    grant_types_supported: ['authorization_code'],
  };
}

/** Closes the connection, because a reused connection would be stale after a restart. */
export function send(response: ServerResponse, { status, headers, body }: FakeOidcAnswer): void {
  response.writeHead(status, { ...headers, connection: 'close' }).end(body);
}
