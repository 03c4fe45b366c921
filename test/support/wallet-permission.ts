import type { Response } from 'supertest';
import type { FakeOidc } from '@countersign/fake-telegram';
import { aPerson, type Person } from '../factories';
import { embed } from './embedded-wallets';
import type { WalletBody } from './linked-wallets';
import { Browser, enableWebLogin, visitTelegram } from './oidc';
import { signInPerson, type PersonSession } from './person-session';
import type { Demo, TestApp } from './test-app';
import {
  aXellarApplication,
  claimsOf,
  XellarClient,
  type XellarData,
  type XellarDemo,
} from './xellar-client';

export const PERMISSION = '/v1/wallets/permission';

/** An application whose people let it use their wallets on the page of the service. */
export async function anAskingApplication(
  app: TestApp,
  oidc: FakeOidc,
  settings: object = {},
): Promise<XellarDemo> {
  const redirectUrls = [`http://127.0.0.1:${app.port}${PERMISSION}`];
  const demo = await aXellarApplication(app, { redirectUrls, ...settings });
  await enableWebLogin(app, oidc, demo.botId);
  return demo;
}

/** A person with a wallet that another application made, who has logged in. */
export interface AskedPerson {
  readonly person: Person;
  readonly wallet: WalletBody;
  /** Of the other application. */
  readonly native: PersonSession;
  readonly login: XellarData;
  /** The path with the link. */
  readonly link: string;
}

export async function anAskedPerson(
  app: TestApp,
  demo: XellarDemo,
  maker: Demo,
  person = aPerson(),
): Promise<AskedPerson> {
  const native = await signInPerson(app, maker, person);
  const wallet = await embed(native);
  const login = await new XellarClient(app, demo).loggedIn(person);
  return { person, wallet, native, login, link: linkIn(login.walletToken) };
}

/** The path of the page that a token names. */
export function linkIn(walletToken = ''): string {
  const page = claimsOf(walletToken)['acceptPermissionPage'];
  if (typeof page !== 'string' || page === '') throw new Error('the token names no page');
  const { pathname, search } = new URL(page);
  return `${pathname}${search}`;
}

/** A browser on the page, as its links and its form have it. */
export class PermissionBrowser extends Browser {
  constructor(
    app: TestApp,
    private readonly oidc: FakeOidc,
  ) {
    super(app);
  }

  /** From the link to the page that asks for a decision. */
  async reachForm(link: string, person: Person | null): Promise<Response> {
    return this.open(await this.comeBack(link, person));
  }

  /** As far as the URL that the browser comes back to. @param redirectUri of the login, where it is not the page's own */
  async comeBack(link: string, person: Person | null, redirectUri?: string): Promise<string> {
    this.oidc.nextPerson = person;
    const page = await this.open(link);
    const [, href = ''] = /<a class="act main" href="([^"]+)"/.exec(page.text) ?? [];
    const begun = await this.open(href.replaceAll('&amp;', '&'));
    const start = new URL(String(begun.headers['location']), 'http://localhost');
    if (redirectUri !== undefined) start.searchParams.set('redirectUri', redirectUri);
    const started = await this.open(`${start.pathname}${start.search}`);
    const back = await visitTelegram(new URL(String(started.headers['location'])));
    const landed = await this.open(back);
    const { pathname, search } = new URL(String(landed.headers['location']));
    return `${pathname}${search}`;
  }

  async decide(page: Response, decision: string, changed: Record<string, string> = {}): Promise<Response> {
    const fields = { ...fieldsOf(page), decision, ...changed };
    return this.app.http
      .post(PERMISSION)
      .set({ cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') })
      .type('form')
      .send(fields);
  }
}

export function fieldsOf({ text }: Response): Record<string, string> {
  const inputs = text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g);
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]));
}
