import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

const CLIENT_ID = 'countersign-console';
const CLIENT_SECRET = 'a-secret_of.the~console';

interface Begun {
  readonly challenge: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

/** How the provider answers instead of rightly. */
export interface Faults {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly signsWithOtherKey?: boolean;
  readonly error?: string;
  /** Of the redirect. */
  readonly issuer?: string;
  /** Of the token endpoint, in place of its answer. */
  readonly answer?: { readonly status: number; readonly body: string };
}

/** An OpenID provider (OpenID Connect Core 1.0): code flow with PKCE, `client_secret_post`, ES256. Its person is signed in already. */
export class CompanyProvider {
  /** The person with a session in the browser. */
  person: Readonly<Record<string, unknown>> = { sub: 'ada' };
  /** When that person signed in, in seconds; null for just now. */
  signedInAt: number | null = null;
  /** The person who signs in when the provider has to ask; null for the same one. */
  next: Readonly<Record<string, unknown>> | null = null;
  faults: Faults = {};
  private readonly begun = new Map<string, Begun>();

  private constructor(
    private readonly server: Server,
    private readonly key: CryptoKey,
    private readonly otherKey: CryptoKey,
    private readonly jwk: JWK,
  ) {}

  static async start(): Promise<CompanyProvider> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const { privateKey: otherKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
    const server = createServer((request, response) => {
      void provider.answer(request, response);
    });
    const provider = new CompanyProvider(server, privateKey, otherKey, jwk);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return provider;
  }

  /** Another site than 127.0.0.1, to a browser. */
  get issuer(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** What the service is configured with, besides its own URL. */
  get environment(): Record<string, string> {
    return {
      CONSOLE_OIDC_ISSUER: this.issuer,
      CONSOLE_OIDC_CLIENT_ID: CLIENT_ID,
      CONSOLE_OIDC_CLIENT_SECRET: CLIENT_SECRET,
      CONSOLE_SCOPES_CLAIM: '/realm_access/roles',
    };
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.issuer);
    if (pathname === '/.well-known/openid-configuration')
      json(response, 200, {
        issuer: this.issuer,
        authorization_endpoint: `${this.issuer}/authorize`,
        token_endpoint: `${this.issuer}/token`,
        jwks_uri: `${this.issuer}/keys`,
        response_types_supported: ['code'],
        id_token_signing_alg_values_supported: ['ES256'],
        token_endpoint_auth_methods_supported: ['client_secret_post'],
        authorization_response_iss_parameter_supported: true,
      });
    else if (pathname === '/keys') json(response, 200, { keys: [this.jwk] });
    else if (pathname === '/authorize') this.authorize(searchParams, response);
    else if (pathname === '/token') await this.redeem(await formOf(request), response);
    else json(response, 404, {});
  }

  private authorize(asked: URLSearchParams, response: ServerResponse): void {
    const redirect = new URL(asked.get('redirect_uri') ?? '');
    if (asked.get('prompt') === 'login') {
      this.person = this.next ?? this.person;
      this.signedInAt = null;
    }
    const isWhole = asked.get('code_challenge_method') === 'S256' && asked.get('client_id') === CLIENT_ID;
    const code = randomUUID();
    this.begun.set(code, {
      challenge: asked.get('code_challenge') ?? '',
      nonce: asked.get('nonce') ?? '',
      redirectUri: redirect.href,
    });
    redirect.searchParams.set('state', asked.get('state') ?? '');
    redirect.searchParams.set('iss', this.faults.issuer ?? this.issuer);
    const error = this.faults.error ?? (isWhole ? undefined : 'invalid_request');
    redirect.searchParams.set(error ? 'error' : 'code', error ?? code);
    response.writeHead(302, { location: redirect.href }).end();
  }

  private async redeem(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const code = form.get('code') ?? '';
    const begun = this.begun.get(code);
    this.begun.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight =
      begun?.challenge === challenge &&
      begun.redirectUri === form.get('redirect_uri') &&
      form.get('client_secret') === CLIENT_SECRET;
    if (!isRight) {
      json(response, 400, { error: 'invalid_grant' });
      return;
    }
    const { answer, claims, signsWithOtherKey = false } = this.faults;
    if (answer) {
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
      return;
    }
    const now = Math.floor(Date.now() / 1_000);
    const payload = {
      iss: this.issuer,
      aud: CLIENT_ID,
      iat: now,
      exp: now + 300,
      auth_time: this.signedInAt ?? now,
      nonce: begun.nonce,
      ...this.person,
      ...claims,
    };
    const idToken = await new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .sign(signsWithOtherKey ? this.otherKey : this.key);
    json(response, 200, { access_token: 'unused', token_type: 'Bearer', id_token: idToken });
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
