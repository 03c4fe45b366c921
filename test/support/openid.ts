import type { Response } from 'supertest';
import * as client from 'openid-client';
import { Configuration } from '@countersign/runtime';
import { aPerson, type Person } from '../factories';
import { relaunch, type Launching, type Relaunched } from './relaunch';
import { anOperator } from './operator';
import type { Demo, TestApp } from './test-app';

export const ISSUER = 'https://id.example.com';
export const CALLBACK = 'https://shop.example.com/callback';

/** A client as an operator has created it. */
export interface CreatedClient {
  readonly clientId: string;
  readonly clientSecret: string | null;
}

export async function createClient(
  app: TestApp,
  { applicationId }: Pick<Demo, 'applicationId'>,
  wanted: object = {},
): Promise<CreatedClient> {
  const operator = await anOperator(app);
  const path = `/v1/admin/applications/${applicationId}/openid-clients`;
  const answer = await operator.post(path, { name: 'Shop', redirectUrls: [CALLBACK], ...wanted });
  if (answer.status !== 201) throw new Error(`the client was not created: ${JSON.stringify(answer.body)}`);
  return answer.body as CreatedClient;
}

/** A browser, as far as cookies and redirects go. */
export class Browser {
  private readonly cookies = new Map<string, { readonly value: string; readonly path: string }>();
  readonly agent = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/146.0';

  private readonly issuer: string;

  constructor(private readonly app: TestApp) {
    this.issuer = issuerOf(app);
  }

  async get(url: string): Promise<Response> {
    return this.send('get', url);
  }

  async post(url: string, form: Readonly<Record<string, string>>): Promise<Response> {
    return this.send('post', url, form);
  }

  /** Follows redirects within the service. @returns the last answer, and the URL outside that it redirects to */
  async follow(url: string): Promise<{ readonly answer: Response; readonly url: string }> {
    let at = url;
    for (let steps = 0; steps < 10; steps += 1) {
      const answer = await this.get(at);
      const { location } = answer.headers as { location?: string };
      if (location === undefined) return { answer, url: at };
      at = new URL(location, this.issuer).href;
      if (!at.startsWith(this.issuer)) return { answer, url: at };
    }
    throw new Error('too many redirects');
  }

  cookie(name: string): string | undefined {
    return this.cookies.get(name)?.value;
  }

  /** As another host of the domain can. */
  plant(name: string, value: string | undefined, url: string): void {
    this.cookies.set(name, { value: value ?? '', path: new URL(url).pathname });
  }

  async send(
    method: 'get' | 'post',
    url: string,
    body?: object,
    type: 'form' | 'json' = 'form',
  ): Promise<Response> {
    const { pathname, search } = new URL(url, this.issuer);
    const cookies = [...this.cookies].filter(([, { path }]) => pathname.startsWith(path));
    const call = this.app.http[method](pathname + search)
      .set('user-agent', this.agent)
      .set('cookie', cookies.map(([name, { value }]) => `${name}=${value}`).join('; '));
    const answer = await (body === undefined ? call : call.type(type).send(body));
    for (const line of (answer.headers['set-cookie'] ?? []) as unknown as readonly string[]) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(name.length + 1);
      const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? '/';
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, { value, path });
    }
    return answer;
  }
}

function issuerOf(app: TestApp): string {
  return app.nest.get(Configuration).issuer;
}

/**
 * The relying party, as `openid-client` has it by default, which reaches the service of the test by its public URL. By default it
 * sends its secret in the body.
 */
export async function relyingParty(
  app: TestApp,
  { clientId, clientSecret }: CreatedClient,
  authentication?: client.ClientAuth,
): Promise<client.Configuration> {
  const issuer = issuerOf(app);
  const reached: client.CustomFetch = (url, options) =>
    fetch(url.replace(issuer, `http://127.0.0.1:${app.port}`), options as RequestInit);
  return client.discovery(new URL(issuer), clientId, clientSecret ?? undefined, authentication, {
    [client.customFetch]: reached,
    // oxlint-disable-next-line typescript/no-deprecated -- the service of a test has no certificate
    ...(issuer.startsWith('http:') && { execute: [client.allowInsecureRequests] }),
  });
}

/** A sign-in that a browser has begun, and waits for the phone. */
export interface Begun {
  readonly browser: Browser;
  readonly pageUrl: string;
  readonly page: string;
  readonly code: string;
  readonly number: number;
}

export async function openPage(browser: Browser, url: string): Promise<Begun> {
  const { answer, url: pageUrl } = await browser.follow(url);
  const [, code = ''] = /startapp=o_([\w-]+)/.exec(answer.text) ?? [];
  const [, number = '0'] = /class="number">(\d+)</.exec(answer.text) ?? [];
  return { browser, pageUrl, page: answer.text, code, number: Number(number) };
}

/** The phone: the launch by the link of the page. */
export function launchedBy(
  app: TestApp,
  demo: Demo,
  person: Person | Launching,
  { code }: Begun,
): Promise<Relaunched> {
  return relaunch(app, demo, person, `o_${code}`);
}

/** A person whose init data has no `signature` of the platform: it is signed with the bot's token alone. */
export function anUnsigned(app: TestApp, demo: Demo): Launching {
  const { applicationId } = demo;
  const person = aPerson();
  const initData = (startParam: string) => app.initDataOf(demo, person, { startParam, omitSignature: true });
  return { person, launch: (code) => app.postSignIn({ applicationId, initData: initData(code) }) };
}

/** Accepts on the phone, and goes on in the browser. @returns where the browser is sent to */
export async function acceptedBy(
  app: TestApp,
  demo: Demo,
  person: Person | Launching,
  begun: Begun,
  consent = false,
): Promise<URL> {
  const phone = await launchedBy(app, demo, person, begun);
  const { number } = begun;
  const accepted = await phone.post(`/v1/openid/requests/${begun.code}/accept`, { number, consent });
  if (accepted.status !== 204) throw new Error(`the phone: ${JSON.stringify(accepted.body)}`);
  return new URL((await goOn(begun)).url);
}

/** The page that shows a client to a browser which is signed in, for the first time. */
export async function seenBy(browser: Browser, url: string): Promise<URL> {
  const { answer } = await browser.follow(url);
  const [, action, token] =
    /action="([^"]+\/client)"[^]*name="token" value="([^"]+)"/.exec(answer.text) ?? [];
  if (action === undefined || token === undefined) throw new Error(`the page of the client: ${answer.text}`);
  const pressed = await browser.post(action, { token });
  return new URL((await browser.follow(pressed.headers['location'] ?? '')).url);
}

/** Answers the page that shows whose account was signed in. @returns what `Browser.follow` does */
export async function goOn(
  { browser, pageUrl }: Pick<Begun, 'browser' | 'pageUrl'>,
  button: 'agree' | 'other' | 'stop' = 'agree',
): ReturnType<Browser['follow']> {
  const { text, status } = await browser.get(`${pageUrl}/continue`);
  const [, token] = /name="token" value="([^"]+)"/.exec(text) ?? [];
  if (token === undefined) throw new Error(`the page with the account: ${status} ${text}`);
  const answered = await browser.post(`${pageUrl}/continue`, { token, [button]: 'yes' });
  return browser.follow(answered.headers['location'] ?? '');
}

/** A person continues the code of a device in their browser, and accepts on the phone. @param uri with the code */
export async function approveDevice(
  app: TestApp,
  demo: Demo,
  person: Person | Launching,
  uri: string,
  browser = new Browser(app),
): Promise<Relaunched> {
  const begun = await openPage(browser, await continuedDevice(browser, uri));
  const phone = await launchedBy(app, demo, person, begun);
  const { number } = begun;
  const accepted = await phone.post(`/v1/openid/requests/${begun.code}/accept`, { number });
  if (accepted.status !== 204) throw new Error(`the phone: ${JSON.stringify(accepted.body)}`);
  const { answer } = await goOn(begun);
  if (!answer.text.includes('The device is signed in')) throw new Error(`the device: ${answer.text}`);
  return phone;
}

/** @returns where the browser is sent to */
export async function continuedDevice(browser: Browser, uri: string): Promise<string> {
  const fieldsOf = (text: string) =>
    Object.fromEntries(
      [...text.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
  const { origin, pathname, searchParams } = new URL(uri);
  const opened = await browser.get(uri);
  const confirming = await browser.post(origin + pathname, fieldsOf(opened.text));
  const { abort, ...fields } = fieldsOf(confirming.text);
  // The person compares the code, and can stop.
  if (abort !== 'yes' || !confirming.text.includes(searchParams.get('user_code') ?? uri))
    throw new Error(`the page of the device: ${confirming.text}`);
  const confirmed = await browser.post(origin + pathname, { ...fields, confirm: 'yes' });
  return (confirmed.headers as { location: string }).location;
}

export interface Authorizing {
  readonly url: string;
  readonly codeVerifier: string;
  readonly nonce: string;
  readonly state: string;
}

export async function authorizing(
  party: client.Configuration,
  more: Readonly<Record<string, string>> = {},
): Promise<Authorizing> {
  const codeVerifier = client.randomPKCECodeVerifier();
  const [nonce, state] = [client.randomNonce(), client.randomState()];
  const url = client.buildAuthorizationUrl(party, {
    redirect_uri: CALLBACK,
    scope: 'openid profile',
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    nonce,
    state,
    ...more,
  });
  return { url: url.href, codeVerifier, nonce, state };
}

export function tokensOf(
  party: client.Configuration,
  { codeVerifier: pkceCodeVerifier, nonce: expectedNonce, state: expectedState }: Authorizing,
  returned: URL,
) {
  return client.authorizationCodeGrant(party, returned, { pkceCodeVerifier, expectedNonce, expectedState });
}

/** A sign-in from the page of the client to its tokens. */
export async function signedIn(
  app: TestApp,
  demo: Demo,
  party: client.Configuration,
  person: Person,
  more: Readonly<Record<string, string>> = {},
) {
  const browser = new Browser(app);
  const asked = await authorizing(party, more);
  const begun = await openPage(browser, asked.url);
  const returned = await acceptedBy(app, demo, person, begun);
  return { browser, returned, asked, tokens: await tokensOf(party, asked, returned) };
}
