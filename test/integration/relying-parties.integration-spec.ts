import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { Passport } from 'passport';
import OAuth2Strategy from 'passport-oauth2';
import { aPerson, type Person } from '../factories';
import { useIssuer } from '../support/issuer';
import { acceptedBy, Browser, CALLBACK, createClient, openPage } from '../support/openid';
import { signInPerson } from '../support/person-session';
import { useFixture } from '../support/use-fixture';
import { useApplication } from '../support/use-test-app';

const issuer = useIssuer();
const { app } = issuer;
const demo = useApplication(app);

/** A person signs in at a page with their phone. @returns the address that their browser returns to */
async function returnedTo(url: string, person: Person): Promise<URL> {
  return acceptedBy(app, demo, person, await openPage(new Browser(app), url));
}

async function userIdOf(person: Person): Promise<string> {
  return (await signInPerson(app, demo, person)).userId;
}

async function createConfidentialClient(wanted: object = {}) {
  const { clientId, clientSecret } = await createClient(app, demo, wanted);
  if (clientSecret === null) throw new Error('the client has no secret');
  return { clientId, clientSecret };
}

describe('a library, set up as its own documentation shows', () => {
  it('openid-client signs a person in, with the default way to send its secret', async () => {
    const { clientId, clientSecret } = await createConfidentialClient();
    const config = await openid.discovery(new URL(issuer.url), clientId, clientSecret, undefined, {
      // oxlint-disable-next-line typescript/no-deprecated -- the service of a test has no certificate
      execute: [openid.allowInsecureRequests],
    });
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const expectedState = openid.randomState();
    const { href } = openid.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: 'openid profile',
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
    });
    const person = aPerson();

    const returned = await returnedTo(href, person);

    const tokens = await openid.authorizationCodeGrant(config, returned, { pkceCodeVerifier, expectedState });
    const sub = await userIdOf(person);
    expect(tokens.claims()?.sub).toBe(sub);
    const { name } = await openid.fetchUserInfo(config, tokens.access_token, sub);
    expect(name).toContain(person.first_name);
    const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
    await openid.tokenRevocation(config, refreshed.access_token);
    expect(await openid.tokenIntrospection(config, refreshed.access_token)).toEqual({ active: false });
  });

  it.each([
    ['in the body', oauth.ClientSecretPost],
    ['with HTTP Basic', oauth.ClientSecretBasic],
  ])('oauth4webapi signs a person in, and sends its secret %s', async (_, authentication) => {
    const { clientId, clientSecret } = await createConfidentialClient();
    // oxlint-disable-next-line typescript/no-deprecated -- the service of a test has no certificate
    const options = { [oauth.allowInsecureRequests]: true };
    const url = new URL(issuer.url);
    const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options));
    const client: oauth.Client = { client_id: clientId };
    const secret = authentication(clientSecret);
    const verifier = oauth.generateRandomCodeVerifier();
    const nonce = oauth.generateRandomNonce();
    const authorization = new URL(server.authorization_endpoint ?? '');
    authorization.search = new URLSearchParams({
      client_id: clientId,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid profile',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      nonce,
    }).toString();
    const person = aPerson();

    const returned = await returnedTo(authorization.href, person);

    const parameters = oauth.validateAuthResponse(server, client, returned);
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      secret,
      parameters,
      CALLBACK,
      verifier,
      options,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    const sub = await userIdOf(person);
    expect(oauth.getValidatedIdTokenClaims(tokens)?.sub).toBe(sub);
    const info = await oauth.userInfoRequest(server, client, tokens.access_token, options);
    expect(await oauth.processUserInfoResponse(server, client, sub, info)).toMatchObject({ sub });
  });

  describe('passport-oauth2, in an application with Express', () => {
    const pages = express();
    const party = useFixture(
      async () => {
        const server = pages.listen(0, '127.0.0.1');
        await once(server, 'listening');
        return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
      },
      { close: ({ server }) => server.close().closeAllConnections() },
    );

    it('signs a person in', async () => {
      const callbackURL = `${party.url}/callback`;
      const { clientId, clientSecret } = await createConfidentialClient({ redirectUrls: [callbackURL] });
      const passport = new Passport();
      passport.use(
        new OAuth2Strategy(
          {
            authorizationURL: `${issuer.url}/oidc/auth`,
            tokenURL: `${issuer.url}/oidc/token`,
            clientID: clientId,
            clientSecret,
            callbackURL,
            scope: ['openid', 'profile'],
          },
          (accessToken: string, _refresh: string, _profile: unknown, done: OAuth2Strategy.VerifyCallback) => {
            userinfo(accessToken).then((person) => done(null, person), done);
          },
        ),
      );
      const authenticate = passport.authenticate('oauth2', { session: false }) as express.RequestHandler;
      pages.get('/login', authenticate);
      pages.get('/callback', authenticate, ({ user }, answer) => void answer.json(user));
      const person = aPerson();
      const begun = await fetch(`${party.url}/login`, { redirect: 'manual' });

      const returned = await returnedTo(begun.headers.get('location') ?? '', person);

      expect(await (await fetch(returned)).json()).toMatchObject({ sub: await userIdOf(person) });
    });
  });
});

/** The requests of a product, as its source has them. */
interface Product {
  readonly redirectPath: string;
  readonly scope: string;
  /** What a client may ask for, by default `openid` and `profile`. */
  readonly scopes?: readonly string[];
  readonly secret: 'basic' | 'body';
  readonly pkce?: boolean;
  readonly nonce?: boolean;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent with the code, beside what the grant needs. */
  readonly body?: Readonly<Record<string, string>>;
  readonly userinfo?: 'GET' | 'POST';
}

const NEXTCLOUD_CLAIMS = { email: null, name: null, quota: null, groups: null };
const GROUPS = ['openid', 'profile', 'groups'];

const products: Readonly<Record<string, Product>> = {
  'Argo CD': {
    redirectPath: '/auth/callback',
    ...{ scope: 'openid profile email groups', scopes: GROUPS, secret: 'basic', userinfo: 'GET' },
  },
  Discourse: {
    redirectPath: '/auth/oidc/callback',
    ...{ scope: 'openid profile', secret: 'basic', nonce: true, userinfo: 'GET' },
  },
  Grafana: {
    redirectPath: '/login/generic_oauth',
    ...{ scope: GROUPS.join(' '), scopes: GROUPS, secret: 'basic', pkce: true, userinfo: 'GET' },
  },
  GitLab: {
    redirectPath: '/users/auth/openid_connect/callback',
    ...{ scope: 'openid profile email', secret: 'body', pkce: true, nonce: true, userinfo: 'GET' },
    body: { scope: 'openid profile email' },
  },
  Immich: {
    redirectPath: '/auth/login',
    ...{ scope: 'openid email profile', secret: 'body', pkce: true, userinfo: 'GET' },
  },
  Nextcloud: {
    redirectPath: '/apps/user_oidc/code',
    ...{ scope: 'openid profile groups', scopes: GROUPS, secret: 'body', pkce: true, nonce: true },
    query: { claims: JSON.stringify({ id_token: NEXTCLOUD_CLAIMS, userinfo: NEXTCLOUD_CLAIMS }) },
  },
  'oauth2-proxy': {
    redirectPath: '/oauth2/callback',
    ...{ scope: GROUPS.join(' '), scopes: GROUPS, secret: 'basic', pkce: true, nonce: true, userinfo: 'GET' },
    query: { approval_prompt: 'force' },
  },
  Outline: {
    redirectPath: '/auth/oidc.callback',
    ...{ scope: 'openid profile email', secret: 'body', userinfo: 'GET' },
  },
  'OpenID Connect Generic for WordPress': {
    redirectPath: '/wp-admin/admin-ajax.php?action=openid-connect-authorize',
    ...{ scope: 'openid profile email offline_access', secret: 'body', userinfo: 'POST' },
    body: { scope: 'openid profile email offline_access' },
  },
};

describe('a product, by requests of the same shape as its own', () => {
  it.each(Object.entries(products))('%s signs a person in', async (_, product) => {
    const redirectUrl = `https://product.example.com${product.redirectPath}`;
    const { clientId, clientSecret } = await createConfidentialClient({
      redirectUrls: [redirectUrl],
      ...(product.scopes && { scopes: product.scopes }),
    });
    const [verifier, state, nonce] = [random(96), random(32), random(32)];
    const query = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUrl,
      response_type: 'code',
      scope: product.scope,
      state,
      ...(product.nonce && { nonce }),
      ...(product.pkce && { code_challenge: s256(verifier), code_challenge_method: 'S256' }),
      ...product.query,
    });
    const person = aPerson();

    const returned = await returnedTo(`${issuer.url}/oidc/auth?${query.toString()}`, person);

    const { searchParams } = returned;
    expect([returned.href.startsWith(redirectUrl), searchParams.get('state')]).toEqual([true, state]);
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    const answer = await fetch(`${issuer.url}/oidc/token`, {
      method: 'POST',
      headers: product.secret === 'basic' ? { authorization: basic } : {},
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: searchParams.get('code') ?? '',
        redirect_uri: redirectUrl,
        ...(product.secret === 'body' && { client_id: clientId, client_secret: clientSecret }),
        ...(product.pkce && { code_verifier: verifier }),
        ...product.body,
      }),
    });
    const tokens = (await answer.json()) as Record<'id_token' | 'access_token' | 'token_type', string>;
    expect([answer.status, tokens]).toMatchObject([200, { token_type: 'Bearer' }]);
    const claims = decodeJwt(tokens.id_token);
    const sub = await userIdOf(person);
    expect(claims).toMatchObject({ iss: issuer.url, aud: clientId, sub, ...(product.nonce && { nonce }) });
    const known = product.userinfo ? await userinfo(tokens.access_token, product.userinfo) : claims;
    expect(known).toMatchObject({
      sub,
      name: expect.stringContaining(person.first_name) as string,
      ...(product.scopes && { groups: [] }),
    });
    expect(known).not.toHaveProperty('email');
  });
});

async function userinfo(accessToken: string, method = 'GET'): Promise<object> {
  const headers = { authorization: `Bearer ${accessToken}` };
  const answer = await fetch(`${issuer.url}/oidc/userinfo`, { method, headers });
  return (await answer.json()) as object;
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

function s256(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
