import { randomBytes } from 'node:crypto';
import { ApplicationsService, BotsService, ClientSecrets } from '@countersign/applications';
import { scopesInUse, PrincipalsService } from '@countersign/admin';
import { BoardsService } from '@countersign/leaderboards';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { request } from 'undici';
import { aBotToken, anInitData } from '../factories';
import { anEvmWallet, SITE, type TestWallet } from '../support/wallets';
import type { Listener } from './replica';
import type { Stage } from './stage';
import { EVENTS } from './tables';
import { given } from './random';
import { Visits } from './visits';
import { Webhooks } from './webhooks';

export interface Call {
  readonly listener: Listener;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly form?: Readonly<Record<string, string>>;
}

/** @property status 0 where the connection ended without one */
export interface Answer {
  readonly status: number;
  readonly code: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Application {
  readonly id: string;
  readonly botToken: string;
  readonly basic: string;
}

/** What one device of a person stores, or a thief has taken from it. */
export interface Device {
  readonly name: string;
  access: string | null;
  refresh: string | null;
  /** Replaced by `refresh`: what a client has whose answer was lost, or a thief who was late. */
  usedRefresh: string | null;
  /** The access token that was replaced with it. */
  usedAccess: string | null;
  proof: { readonly initData: string; readonly madeAt: number } | null;
  application: number;
  /** Of a request to step up, and what the launch with it brought. */
  code: string | null;
  grant: string | null;
}

/** A request to join two accounts: the page of the asking device shows the number. */
export interface AskedJoin {
  readonly code: string;
  readonly number: number;
  readonly session: string;
  readonly until: number;
}

/** How long a service uses the published keys of identity tokens. */
const KEYS_FRESH = 300;

const NO_LIMIT = { limit: 10_000_000, window: 600 };
const SETTINGS = {
  rateLimits: { signIn: NO_LIMIT, calls: NO_LIMIT },
  teams: { accept: true },
  referrals: { mode: 'optional', levels: [0.1] },
};

export const PEOPLE: readonly string[] = ['ada', 'bob', 'cleo', 'dan', 'eve', 'finn'];
/** Those with an even number are in the first application. */
export const DEVICES_OF_PERSON = 4;

/** The participants of a history, and what each of them knows. They learn only from answers. */
export class World {
  readonly devices = new Map<string, Device>();
  applications: readonly Application[] = [];
  boardId: string;
  webhooks: Webhooks;
  readonly visits: Visits;
  private operator: { readonly id: string; readonly secret: string };
  /** Copies of what devices had. */
  loot: Device[] = [];
  invitations: { readonly team: number; readonly token: string }[] = [];
  join: AskedJoin | null = null;
  referralCodes: { readonly code: string; readonly application: number }[] = [];
  private readonly wallets = new Map<string, TestWallet>();
  private publishedKeys: unknown = null;
  private keysReadAt = 0;
  teamNames = 0;
  scoreIds: string[] = [];

  constructor(readonly stage: Stage) {
    this.visits = new Visits(stage);
    for (const person of PEOPLE)
      for (let index = 0; index < DEVICES_OF_PERSON; index += 1)
        this.devices.set(`${person}/${index}`, {
          name: `${person}/${index}`,
          access: null,
          refresh: null,
          usedRefresh: null,
          usedAccess: null,
          proof: null,
          application: index % 2,
          code: null,
          grant: null,
        });
  }

  /** Two applications, their bots and secrets, a leaderboard, an operator and an endpoint that asks for events. */
  async setUp(): Promise<void> {
    const { nest } = this.stage.replica(0);
    const applications: Application[] = [];
    for (const name of ['Game', 'Shop']) {
      const { applicationId: id } = await nest
        .get(ApplicationsService)
        .create({ name, trust: 'first-party', origins: [SITE] });
      await nest.get(ApplicationsService).change(id, { settings: SETTINGS });
      const botToken = aBotToken();
      await nest.get(BotsService).add({
        applicationId: id,
        provider: 'telegram',
        environment: 'production',
        username: `${name.toLowerCase()}_bot`,
        signaturePolicy: 'required',
        token: botToken,
      });
      const { clientSecret } = await nest.get(ClientSecrets).add(id, 'of the back end');
      const basic = `Basic ${Buffer.from(`${id}:${clientSecret}`).toString('base64')}`;
      applications.push({ id, botToken, basic });
    }
    this.applications = applications;
    const board = await nest.get(BoardsService).create({
      applicationId: given(applications[0]).id,
      name: 'Race',
      rule: 'sum',
      better: 'higher',
      calendar: 'by-hand',
      isUnverified: false,
    });
    this.boardId = board.id;
    await this.createOperator();
    await this.visits.setUp();
    const endpoint = { name: 'simulator', url: this.stage.receiver.url, types: EVENTS };
    const { body } = await this.call(0, await this.asOperator(0, 'POST', 'webhooks', endpoint));
    const { secret } = body['secret'] as { readonly secret: string };
    this.webhooks = new Webhooks(this.stage, secret);
    await this.stage.settle(false);
  }

  private async createOperator(): Promise<void> {
    const { principal, secret } = await this.stage
      .replica(0)
      .nest.get(PrincipalsService)
      .create({ name: `operator ${this.stage.now}`, scopes: scopesInUse.names }, null);
    this.operator = { id: principal.id, secret: secret.clientSecret };
  }

  walletOf(person: string): TestWallet {
    const wallet = this.wallets.get(person) ?? anEvmWallet();
    this.wallets.set(person, wallet);
    return wallet;
  }

  device(name: string): Device {
    const device = this.devices.get(name);
    if (!device) throw new Error(`there is no device ${name}`);
    return device;
  }

  applicationOf({ application }: Pick<Device, 'application'>): Application {
    return given(this.applications[application]);
  }

  /** A launch of the application's Mini App, now. */
  launch(
    person: string,
    application: number,
    startParam?: string,
  ): { readonly initData: string; readonly madeAt: number } {
    const { telegram, clock, now } = this.stage;
    const user = { id: 1_000 + PEOPLE.indexOf(person), first_name: person };
    const initData = anInitData(telegram, given(this.applications[application]).botToken, user, {
      authDate: clock.now(),
      queryId: randomBytes(12).toString('base64url'),
      ...(startParam === undefined ? {} : { startParam }),
    });
    return { initData, madeAt: now };
  }

  async call(replica: number, { listener, method, path, headers, body, form }: Call): Promise<Answer> {
    const port = this.stage.replica(replica).portOf(listener);
    const sent = form ? new URLSearchParams({ ...form }).toString() : body && JSON.stringify(body);
    const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
    try {
      const answer = await request(`http://127.0.0.1:${port}${path}`, {
        method,
        dispatcher: this.stage.agent,
        headers: { ...(sent === undefined ? {} : { 'content-type': type }), ...headers },
        ...(sent === undefined ? {} : { body: sent }),
      });
      const text = await answer.body.text();
      const token = answer.headers['x-identity-token'];
      const read = (
        String(answer.headers['content-type']).includes('json')
          ? JSON.parse(text)
          : token === undefined
            ? {}
            : await this.identityOf(String(token), 1 - replica)
      ) as Answer['body'];
      return {
        status: answer.statusCode,
        code: typeof read['code'] === 'string' ? read['code'] : null,
        body: read,
      };
    } catch {
      return { status: 0, code: null, body: {} };
    }
  }

  /** What a service behind the gateway reads. It takes the published keys from another replica, and keeps them for five minutes. */
  private async identityOf(token: string, other: number): Promise<object> {
    const now = this.stage.clock.now();
    if (this.stage.now - this.keysReadAt > KEYS_FRESH) {
      const { status, body } = await this.call(other, {
        listener: 'public',
        method: 'GET',
        path: '/.well-known/jwks.json',
      });
      if (status === 200) [this.publishedKeys, this.keysReadAt] = [body, this.stage.now];
    }
    // A replica that is disturbed tells no keys.
    if (this.publishedKeys === null) return {};
    const keys = createLocalJWKSet(this.publishedKeys as JSONWebKeySet);
    return jwtVerify(token, keys, { currentDate: now }).then(
      ({ payload }) => payload,
      (error: unknown) => ({ sub: String(error) }),
    );
  }

  forgetPublishedKeys(): void {
    this.publishedKeys = null;
    this.keysReadAt = 0;
  }

  /** Of the leaderboard, oldest first. */
  seasons(): Promise<{ readonly id: string; readonly closed: boolean }[]> {
    return this.stage.query(
      'SELECT id, closed_at IS NOT NULL AS closed FROM board_seasons WHERE board_id = $1 ORDER BY id',
      [this.boardId],
    );
  }

  /** Tokens of operators end soon, and their secrets after some months. */
  private async operatorHeaders(replica: number): Promise<Record<string, string>> {
    let answer = await this.operatorToken(replica);
    if (answer.status === 401) {
      await this.createOperator();
      answer = await this.operatorToken(replica);
    }
    if (answer.status !== 200) throw new Error(`the token of the operator answered ${answer.status}`);
    return { authorization: `Bearer ${String(answer.body['access_token'])}` };
  }

  /** A call of the administration API by an operator. */
  async asOperator(replica: number, method: Call['method'], path: string, body?: object): Promise<Call> {
    const headers = await this.operatorHeaders(replica);
    return { listener: 'admin', method, path: `/v1/admin/${path}`, headers, ...(body && { body }) };
  }

  private operatorToken(replica: number): Promise<Answer> {
    const { id, secret } = this.operator;
    return this.call(replica, {
      listener: 'admin',
      method: 'POST',
      path: '/v1/admin/token',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      form: { grant_type: 'client_credentials' },
    });
  }
}
