import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ID_TOKEN_ALGORITHMS } from '@countersign/telegram';
import { jsonAnswer, type FakeOidcAnswer } from './fake-oidc-answer';
import { authorize, type FakeOidcClient, type FakeOidcGrant } from './fake-oidc-authorize';
import { FakeOidcKeys, type FakeOidcAlgorithm, type FakeOidcPems } from './fake-oidc-keys';
import {
  FakeOidcEndpoints,
  type FakeOidcEndpoint,
  type FakeOidcFault,
  type FakeOidcRequest,
} from './fake-oidc-endpoints';
import { profileClaims, tokenClaims, type FakeOidcClaims, type FakeOidcPerson } from './fake-oidc-person';
import { LocalServer } from '../local-server';
import { exchangeCode, type FakeOidcTokenDeps } from './fake-oidc-token';

export interface FakeOidcOptions {
  readonly now: () => Date;
  /** The `privateKeyPems` of another instance; defaults to new keys. */
  readonly privateKeyPems?: FakeOidcPems;
  /** Defaults to a free one. */
  readonly port?: number;
  /** The URL of a server that passes requests to `serve`. Without it, `start` listens. */
  readonly issuer?: () => string;
}

/** In milliseconds. */
const CODE_LIFETIME = 300_000;

/**
 * "Log In With Telegram" on 127.0.0.1, under keys of its own: OpenID Connect as Telegram implements it,
 * without userinfo, refresh tokens and the nonce in the token. For tests and the demo, never for production.
 */
export class FakeOidc {
  /** The person at the browser from now on; `null` declines. */
  nextPerson: FakeOidcPerson | null = null;
  /** Added to every id token, or replaces its claims; an undefined one is left out. */
  claims: FakeOidcClaims = {};
  /** Replaces the one that the client is registered with. */
  algorithm: FakeOidcAlgorithm | null = null;

  private keys: FakeOidcKeys;
  private readonly clients = new Map<string, FakeOidcClient>();
  private readonly codes = new Map<string, FakeOidcGrant & { readonly expiresAt: number }>();
  private readonly endpoints = new FakeOidcEndpoints((request) => this.answer(request));
  private readonly server: LocalServer;
  private readonly now: () => Date;
  private readonly origin: () => string;

  constructor({ now, privateKeyPems, port = 0, issuer }: FakeOidcOptions) {
    this.now = now;
    this.keys = new FakeOidcKeys(privateKeyPems);
    this.server = new LocalServer(port, (request, response) => this.serve(request, response));
    this.origin = issuer ?? (() => this.server.origin);
  }

  /** Its own URL, without a slash at the end. */
  get issuer(): string {
    return this.origin();
  }

  get privateKeyPems(): FakeOidcPems {
    return this.keys.pems;
  }

  /** How often each endpoint was asked, faults included. */
  get requests(): Readonly<Record<FakeOidcEndpoint, number>> {
    return { ...this.endpoints.requests };
  }

  start(): Promise<void> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return this.endpoints.serve(request, response);
  }

  /** Adds a client, or replaces the one with this id. */
  registerClient(client: FakeOidcClient): void {
    if (client.clientSecret.startsWith(`${client.clientId}:`)) {
      throw new RangeError("the client secret is a value of its own, not the bot's token");
    }
    this.clients.set(client.clientId, client);
  }

  /** The fault of an endpoint from now on; `null` for none. */
  breakEndpoint(endpoint: FakeOidcEndpoint, fault: FakeOidcFault | null): void {
    if (fault) this.endpoints.faults.set(endpoint, fault);
    else this.endpoints.faults.delete(endpoint);
  }

  /** Replaces all keys; the old ones are no longer published. */
  rotateKeys(): void {
    this.keys = this.keys.next();
  }

  /** An id token of exactly these claims, such as one that a page got from the JavaScript library. */
  issueIdToken(claims: FakeOidcClaims, algorithm: FakeOidcAlgorithm = 'RS256'): string {
    return this.keys.sign(JSON.stringify(claims), algorithm);
  }

  /** What the token of this person would claim for a client, before `claims` change it. */
  claimsFor(clientId: string, person: FakeOidcPerson, scopes = ['openid', 'profile']): FakeOidcClaims {
    return { ...tokenClaims(this.issuer, clientId, person.id, this.now()), ...profileClaims(person, scopes) };
  }

  private answer({ endpoint, query, headers, body }: FakeOidcRequest): FakeOidcAnswer {
    switch (endpoint) {
      case 'discovery':
        return jsonAnswer(200, discoveryDocument(this.issuer));
      case 'jwks':
        return jsonAnswer(200, this.keys.jwks);
      case 'auth':
        return authorize(query, this.clients, this.nextPerson, (grant) => this.issueCode(grant));
      case 'token':
        return exchangeCode(
          { authorization: headers.authorization, contentType: headers['content-type'], body },
          this.tokenDeps,
        );
    }
  }

  private get tokenDeps(): FakeOidcTokenDeps {
    return {
      clients: this.clients,
      spendCode: (code) => this.spendCode(code),
      issueTokens: (client, grant) => ({
        access_token: randomBytes(32).toString('base64url'),
        token_type: 'Bearer',
        expires_in: 3600,
        id_token: this.issueIdToken(
          {
            ...this.claimsFor(client.clientId, grant.person, [...grant.scopes]),
            ...this.claims,
          },
          this.algorithm ?? client.algorithm,
        ),
      }),
    };
  }

  private issueCode(grant: FakeOidcGrant): string {
    const code = randomBytes(32).toString('base64url');
    this.codes.set(code, { ...grant, expiresAt: this.now().getTime() + CODE_LIFETIME });
    return code;
  }

  private spendCode(code: string): FakeOidcGrant | undefined {
    const grant = this.codes.get(code);
    this.codes.delete(code);
    return grant && grant.expiresAt > this.now().getTime() ? grant : undefined;
  }
}

/** What Telegram's discovery document says: no userinfo, no refresh tokens, and no `id` among the claims. */
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
