import type request from 'supertest';
import { ClientSecrets } from '@countersign/applications';
import { signFields } from '@countersign/fake-telegram';
import { aPerson, type Person } from '../factories';
import { aWalletApplication } from './embedded-wallets';
import type { ApplicationOptions, Demo, TestApp } from './test-app';

interface XellarAddress {
  readonly address: string;
}

/** What answers have in `data`. */
export interface XellarData {
  readonly accessToken?: string;
  readonly walletToken?: string;
  readonly refreshToken?: string;
  readonly isWalletCreated?: boolean;
  readonly address?: string | readonly XellarAddress[];
}

export interface XellarDemo extends Demo {
  readonly clientSecret: string;
}

export type Version = 'v1' | 'v2';
type Headers = Readonly<Record<string, string>>;

interface XellarTestSettings {
  readonly xellar?: object;
  readonly embeddedWallets?: object;
  readonly loginWidget?: object;
}

/** An application for clients of Xellar, whose people may have embedded wallets. */
export async function aXellarApplication(
  app: TestApp,
  { xellar, embeddedWallets, ...settings }: XellarTestSettings = {},
  options: Omit<ApplicationOptions, 'settings'> = {},
): Promise<XellarDemo> {
  const demo = await aWalletApplication(app, embeddedWallets, {
    ...options,
    more: { xellar: { enabled: true, ...xellar }, ...settings },
  });
  const { clientSecret } = await app.nest.get(ClientSecrets).add(demo.applicationId, 'of the test');
  return { ...demo, clientSecret };
}

/** A client of the API, written from the public description of its calls alone. */
export class XellarClient {
  constructor(
    private readonly app: TestApp,
    private readonly demo: XellarDemo,
    private readonly version: Version = 'v2',
  ) {}

  post(path: string, body: object, token?: string, headers: Headers = this.byServer): request.Test {
    return this.app.http
      .post(`/api/${this.version}/${path}`)
      .set({ ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) })
      .send(body);
  }

  get(path: string, token: string): request.Test {
    return this.app.http.get(`/api/${this.version}/${path}`).set('authorization', `Bearer ${token}`);
  }

  get byServer(): Headers {
    return { 'x-client-secret': this.demo.clientSecret };
  }

  byPage(origin: string): Headers {
    return { 'x-app-id': this.demo.applicationId, origin };
  }

  login(body: object, headers?: Headers): request.Test {
    return this.post('auth/telegram', { botUsername: 'test_bot', ...body }, undefined, headers);
  }

  /** By init data of the Mini App. */
  async loggedIn(person: Person = aPerson(), more: object = {}): Promise<XellarData> {
    const answer = await this.login({ dataString: this.app.initDataOf(this.demo, person), ...more });
    return dataOf(answer);
  }

  /** Logs in, and creates the wallet. */
  async withWallet(person: Person = aPerson()): Promise<CreatedWallet> {
    const { accessToken } = await this.loggedIn(person);
    return dataOf(await this.post('account/create', {}, accessToken)) as CreatedWallet;
  }

  /** The pair that follows, of which each wallet token is good once. */
  async refreshed(refreshToken: string): Promise<CreatedWallet> {
    return dataOf(await this.post('wallet/refresh', { refreshToken })) as CreatedWallet;
  }
}

export interface CreatedWallet {
  readonly walletToken: string;
  readonly refreshToken: string;
  readonly address: readonly XellarAddress[];
}

export function dataOf(answer: request.Response): XellarData {
  const { status, body } = answer as { status: number; body: { readonly data: XellarData } };
  if (status !== 200) throw new Error(`it answered ${status} ${JSON.stringify(body)}`);
  return body.data;
}

/** An error as the clients read it. */
export function expectXellarError(answer: request.Response, status: number, code: string): void {
  const { body } = answer as { body: Record<string, unknown> };
  expect({ status: answer.status, body }).toMatchObject({
    status,
    body: { status, code, message: expect.any(String) as string },
  });
  expect(String(body['message'])).not.toBe('');
}

/** `dataString` as the documents of Xellar show it: its person is in fields of its own. */
export function flatDataOf(app: TestApp, demo: Demo, { id, first_name: name }: Person): string {
  const fields = {
    auth_date: String(Math.floor(app.clock.now().getTime() / 1_000)),
    query_id: 'AAHdF6IQAAAAAN0XohDhrOrc',
    ...{ id: String(id), first_name: name, is_premium: 'true' },
  };
  return signFields(Object.entries(fields), demo.botToken);
}

/** The claims of a JWT, as clients read them. */
export function claimsOf(token = ''): Record<string, unknown> {
  const [, payload = ''] = token.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}
