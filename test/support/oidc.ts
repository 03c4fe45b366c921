import { createHash, randomBytes } from 'node:crypto';
import type { Response } from 'supertest';
import { FakeOidc, type FakeOidcClient, type FakeOidcPerson } from '@countersign/fake-telegram';
import { aPerson, type Person, type SignInBody } from '../factories';
import type { Launch } from './person-session';
import type { ApplicationOptions, Demo, TestApp } from './test-app';
import { useFixture } from './use-fixture';
import { useTestApp } from './use-test-app';

export const START = '/v1/auth/telegram/oidc/start';
export const CALLBACK = '/v1/auth/telegram/oidc/callback';
export const LANDING = 'https://game.example/in?from=telegram&x=%2B+';

export const codeVerifier = randomBytes(32).toString('base64url');
const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');

export type Query = Readonly<Record<string, string>>;

/** The service beside a Telegram of its own, under one clock. */
export function useOidc(environment: Record<string, string> | (() => Record<string, string>) = {}): {
  app: TestApp;
  oidc: FakeOidc;
} {
  const oidc = useFakeOidc(() => app.clock.now());
  const more = typeof environment === 'function' ? environment : () => environment;
  const app = useTestApp(() => ({ environment: { TELEGRAM_OIDC_ISSUER: oidc.issuer, ...more() } }));
  return { app, oidc };
}

export function useFakeOidc(now: () => Date): FakeOidc {
  return useFixture(
    async () => {
      const oidc = new FakeOidc({ now });
      await oidc.start();
      return oidc;
    },
    { close: (oidc) => oidc.stop() },
  );
}

/** An application whose bot has Web Login, here and at Telegram. */
export async function anOidcApplication(
  app: TestApp,
  oidc: FakeOidc,
  wanted: ApplicationOptions = {},
): Promise<Demo> {
  const demo = await app.createApplication({
    ...wanted,
    settings: { redirectUrls: [LANDING], ...wanted.settings },
  });
  await enableWebLogin(app, oidc, demo.botId);
  return demo;
}

export async function enableWebLogin(
  app: TestApp,
  oidc: FakeOidc,
  botId: string,
  client: Partial<FakeOidcClient> = {},
): Promise<void> {
  const clientSecret = `S3cret:+/=%&${randomBytes(16).toString('base64')}`;
  const redirectUris = [`http://127.0.0.1:${app.port}${CALLBACK}`];
  oidc.registerClient({ clientId: botId, clientSecret, redirectUris, ...client });
  const key = { provider: 'telegram', environment: 'production', botId } as const;
  await app.bots.change(key, { oidcClientSecret: clientSecret });
}

/** Somebody who shares their number with those who ask. */
export function aCaller(overrides: Partial<FakeOidcPerson> = {}): FakeOidcPerson {
  return { ...aPerson(), phone_number: '971577777777', ...overrides };
}

/** A browser without pages: it keeps cookies, and follows no redirect by itself. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly app: TestApp,
    private readonly host = `127.0.0.1:${app.port}`,
  ) {}

  async open(path: string, app = this.app): Promise<Response> {
    const answer = await app.http.get(path).set({ host: this.host, ...this.cookieHeader });
    for (const cookie of cookiesOf(answer)) this.keep(cookie);
    return answer;
  }

  start(demo: Demo, query: Query = {}): Promise<Response> {
    return this.open(`${START}?${new URLSearchParams({ ...startQuery(demo), ...query }).toString()}`);
  }

  /** As far as Telegram, and back to the path of the callback. */
  async reachCallback(demo: Demo, query: Query = {}): Promise<string> {
    return visitTelegram(locationOf(await this.start(demo, query)));
  }

  /** All the way to the page that the login ends at. */
  async logIn(demo: Demo, query: Query = {}): Promise<URL> {
    return landingOf(await this.open(await this.reachCallback(demo, query)));
  }

  private get cookieHeader(): Record<string, string> {
    if (this.cookies.size === 0) return {};
    return { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  private keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/; Max-Age=0(;|$)/.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export function startQuery({ applicationId }: Demo): Query {
  return {
    applicationId,
    redirectUri: LANDING,
    state: 'client state',
    codeChallenge,
    codeChallengeMethod: 'S256',
  };
}

/** What the person's browser does at Telegram, which answers at once. */
export async function visitTelegram(location: URL): Promise<string> {
  const answer = await fetch(location, { redirect: 'manual' });
  const back = answer.headers.get('location');
  if (back === null) throw new Error(`Telegram answered ${answer.status} ${await answer.text()}`);
  const { pathname, search } = new URL(back);
  return `${pathname}${search}`;
}

export function cookiesOf({ headers }: Response): readonly string[] {
  return (headers['set-cookie'] as unknown as string[] | undefined) ?? [];
}

/** Where a redirect leads. */
export function locationOf({ status, headers, text }: Response): URL {
  if (status !== 302) throw new Error(`no redirect, but ${status} ${text}`);
  return new URL(headers['location'] ?? '');
}

/** Where a redirect leads, which must be the page of the application with its query as it was. */
export function landingOf(answer: Response): URL {
  const location = locationOf(answer);
  if (!location.href.startsWith(`${LANDING}&`)) throw new Error(`landed at ${location.href}`);
  return location;
}

/** What was added to the query of the page. */
export function outcomeOf(landing: URL): Query {
  const { from, x, ...added } = Object.fromEntries(landing.searchParams);
  return added;
}

export function exchange(app: TestApp, { applicationId }: Demo, landing: URL, extra: object = {}) {
  const code = landing.searchParams.get('code') ?? '';
  return app.http.post('/v1/auth/exchange').send({ applicationId, code, codeVerifier, ...extra });
}

/** Log In With Telegram that begins with a start parameter, in a browser of its own. */
export function oidcLaunch(app: TestApp, oidc: FakeOidc, demo: Demo, person: Person): Launch {
  return async (startParam) => {
    oidc.nextPerson = person;
    return exchange(app, demo, await new Browser(app).logIn(demo, { startParam }));
  };
}

/** Logs in with a browser of its own and answers the tokens. */
export async function signInByOidc(app: TestApp, demo: Demo, query: Query = {}): Promise<SignInBody> {
  const answer = await exchange(app, demo, await new Browser(app).logIn(demo, query));
  if (answer.status !== 200) throw new Error(`the exchange answered ${answer.status} ${answer.text}`);
  return answer.body as SignInBody;
}
