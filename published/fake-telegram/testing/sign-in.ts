import { createHash, randomBytes } from 'node:crypto';
import type { FakeOidc } from '../src/oidc/fake-oidc';
import type { FakeOidcClient } from '../src/oidc/fake-oidc-authorize';

export const client: FakeOidcClient = {
  clientId: '123456789',
  clientSecret: 'S3cret+from/BotFather=',
  redirectUris: ['https://app.example/callback', 'https://app.example/other?x=1'],
};
export const redirectUri = 'https://app.example/callback';
const codeVerifier = randomBytes(32).toString('base64url');

type Parameters = Readonly<Record<string, string | undefined>>;

/** Opens `/auth` as a browser would, without following the redirect. */
export function openAuth(oidc: FakeOidc, overrides: Parameters = {}): Promise<Response> {
  const query = form({
    client_id: client.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile',
    state: 'a state',
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...overrides,
  });
  return fetch(`${oidc.issuer}/auth?${query.toString()}`, { redirect: 'manual' });
}

/** The parameters of the redirect URI. */
export function landing(answer: Response): URL {
  return new URL(answer.headers.get('location') ?? 'about:blank');
}

/** The code of a sign-in that went well. */
export async function getCode(oidc: FakeOidc, overrides: Parameters = {}): Promise<string> {
  return landing(await openAuth(oidc, overrides)).searchParams.get('code') ?? '';
}

/** Redeems a code with the secret in the header. */
export function redeem(
  oidc: FakeOidc,
  code: string,
  overrides: Parameters = {},
  authorization: string | null = basic(client.clientId, client.clientSecret),
): Promise<Response> {
  const body = form({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    client_id: client.clientId,
    code_verifier: codeVerifier,
    ...overrides,
  });
  const headers = new Headers(authorization === null ? {} : { authorization });
  return fetch(`${oidc.issuer}/token`, { method: 'POST', body, headers });
}

export function basic(clientId: string, secret: string): string {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function form(fields: Parameters): URLSearchParams {
  const filled = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return new URLSearchParams(filled);
}
