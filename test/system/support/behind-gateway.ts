import request from 'supertest';
import { generateKeyRing } from '@countersign/crypto';
import { FakeTelegram } from '@countersign/fake-telegram';
import { startApi, type RunningApi } from '../../../apps/api/src/bootstrap';
import { patience } from '../../runner/patience.cjs';
import { anInitData, aPerson, type SignInBody } from '../../factories';
import { Countersign } from '../../support/run-countersign';
import { TcpProxy } from '../../support/tcp-proxy';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { useFixture } from '../../support/use-fixture';
import { sendRaw, type RawAnswer } from '../../support/raw-http';
import { anApplication, type Application } from './application';
import { ExampleService } from './example-service';
import { startCaddy } from './caddy';
import { startNginx, type Gateway } from './nginx';
import { freePort } from './program';

/** The hosts that the shipped file serves. */
export const API = 'api.example.com';
export const ID = 'id.example.com';

const ISSUER = `https://${ID}`;

/** Applications by what they may do at the service behind the gateway. */
const SETTINGS = {
  /** Everything. */
  shop: {
    audiences: ['orders'],
    scopes: ['orders:read', 'orders:refund'],
    perRequestInitData: { accept: true },
  },
  /** No refunds. */
  window: { audiences: ['orders'], scopes: ['orders:read'] },
  /** As many and as long scopes as may be. */
  archive: { audiences: ['orders'], scopes: Array.from({ length: 64 }, (_, n) => `s${n}:`.padEnd(64, 'x')) },
  /** Nothing: the service is not among its audiences. */
  game: { audiences: ['games'], scopes: ['orders:read', 'orders:refund'] },
};

type ApplicationName = keyof typeof SETTINGS;

interface Parts {
  readonly network: TcpProxy;
  readonly service: ExampleService;
  readonly gateway: Gateway;
  readonly database: TestDatabase;
  readonly environment: NodeJS.ProcessEnv;
  readonly telegram: FakeTelegram;
  readonly applications: Readonly<Record<ApplicationName, Application>>;
  readonly api: RunningApi;
}

/** Gateways whose shipped files are run. */
const GATEWAYS = { nginx: startNginx, Caddy: startCaddy };

export type GatewayName = keyof typeof GATEWAYS;
export const gatewayNames = Object.keys(GATEWAYS) as readonly GatewayName[];

export function useGateway(name: GatewayName): BehindGateway {
  return useFixture(() => BehindGateway.start(name), { close: (gateway) => gateway.stop() });
}

export function useNginx(): BehindGateway {
  return useGateway('nginx');
}

/** The whole product behind the shipped gateway: the gateway, Countersign, a service that is reached only through both. */
export class BehindGateway {
  /** Between the gateway and the check. */
  readonly network: TcpProxy;
  readonly service: ExampleService;
  private readonly gateway: Gateway;
  private readonly database: TestDatabase;
  private readonly environment: NodeJS.ProcessEnv;
  private readonly telegram: FakeTelegram;
  private readonly applications: Readonly<Record<ApplicationName, Application>>;
  private api: RunningApi | null;

  private constructor(parts: Parts) {
    this.network = parts.network;
    this.service = parts.service;
    this.gateway = parts.gateway;
    this.database = parts.database;
    this.environment = parts.environment;
    this.telegram = parts.telegram;
    this.applications = parts.applications;
    this.api = parts.api;
  }

  static async start(name: GatewayName): Promise<BehindGateway> {
    const database = await createTestDatabase();
    const telegram = new FakeTelegram();
    const [port, gatewayPort] = [await freePort(), await freePort()];
    const keys = JSON.stringify(generateKeyRing());
    const countersign = Countersign.keptOpen({ database, keys });
    const applications = await makeApplications(countersign);
    await countersign.close();
    const environment = {
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      KEYS: keys,
      PORT: String(port),
      GATEWAY_PORT: String(gatewayPort),
      PUBLIC_URL: ISSUER,
      TRUSTED_PROXIES: '127.0.0.1',
      DEMO_TELEGRAM_KEY: Object.values(applications)
        .map(({ botToken }) => `${botToken.split(':', 1).join()}:${telegram.publicKeyHex}`)
        .join(),
      JOBS: 'off',
      PATIENCE: String(patience),
      LOG_LEVEL: 'silent',
    };
    const api = await startApi(environment);
    const network = await TcpProxy.start(`http://127.0.0.1:${gatewayPort}`);
    const service = await ExampleService.start({
      issuer: ISSUER,
      audience: 'orders',
      jwksUrl: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    });
    const gateway = await GATEWAYS[name]({
      check: Number(new URL(network.url).port),
      public: port,
      orders: service.port,
    });
    return new BehindGateway({
      network,
      service,
      gateway,
      database,
      environment,
      telegram,
      applications,
      api,
    });
  }

  get port(): number {
    return this.gateway.port;
  }

  /** Where the check is, for nobody but the gateway. */
  get gatewayPort(): number {
    return Number(this.environment['GATEWAY_PORT']);
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.network.cut();
    await this.service.stop();
    await this.stopApi();
    await this.database.drop();
  }

  async stopApi(): Promise<void> {
    await this.api?.close();
    this.api = null;
  }

  async startApi(): Promise<void> {
    this.api = await startApi(this.environment);
  }

  /** Signs a person in, through the gateway as everybody does. */
  async signIn(
    application: ApplicationName = 'shop',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<SignInBody> {
    const { applicationId, botToken } = this.applications[application];
    const initData = anInitData(this.telegram, botToken, aPerson(), { authDate: new Date() });
    const answer = await this.at(ID)
      .post('/v1/auth/telegram/init-data', headers)
      .send({ applicationId, initData });
    if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status} ${answer.text}`);
    return answer.body as SignInBody;
  }

  /** Init data in place of a session, of a person of the shop. */
  initData(): Record<string, string> {
    const { applicationId, botToken } = this.applications.shop;
    const initData = anInitData(this.telegram, botToken, aPerson(), { authDate: new Date() });
    return { authorization: `tma ${initData}`, 'x-countersign-application': applicationId };
  }

  /** Requests to one of the hosts behind the gateway. */
  at(host: string): Record<'get' | 'post' | 'delete', (path: string, headers?: object) => request.Test> {
    const http = request(`http://127.0.0.1:${this.port}`);
    const ask =
      (method: 'get' | 'post' | 'delete') =>
      (path: string, headers: object = {}) =>
        http[method](path).set({ host, ...headers });
    return { get: ask('get'), post: ask('post'), delete: ask('delete') };
  }

  /** A request of exactly these headers, on a connection that ends with the answer. */
  async sendRaw(line: string, headers: readonly string[], host = API): Promise<RawAnswer> {
    const lines = [`${line} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers, '', ''];
    return sendRaw(this.port, lines.join('\r\n'));
  }
}

export function bearer({ accessToken }: SignInBody): { authorization: string } {
  return { authorization: `Bearer ${accessToken}` };
}

async function makeApplications(countersign: Countersign): Promise<Record<ApplicationName, Application>> {
  return {
    shop: await anApplication(countersign, SETTINGS.shop),
    window: await anApplication(countersign, SETTINGS.window),
    archive: await anApplication(countersign, SETTINGS.archive),
    game: await anApplication(countersign, SETTINGS.game),
  };
}
