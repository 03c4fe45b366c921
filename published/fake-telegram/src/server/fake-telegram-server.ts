import { once } from 'node:events';
import {
  createServer,
  request as ask,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeTelegram } from '../fake-telegram';
import { ADA, fakeTelegramEndpoints } from './server-routes';
import { FakeTelegramInputError, readJson } from './server-input';
import type { FakeTelegramKeys } from './server-keys';
import { stopServer } from '../stop-server';
import { FakeOidc, type FakeOidcOptions } from '../oidc/fake-oidc';

export interface FakeTelegramServerOptions {
  /** Defaults to a free one. */
  readonly port?: number;
  /** The `keys` of another instance; defaults to new ones. */
  readonly keys?: FakeTelegramKeys;
  /** Defaults to the system clock. */
  readonly now?: () => Date;
}

/**
 * A Telegram on 127.0.0.1, under keys of its own: "Log In With Telegram", and endpoints that sign init data,
 * logins of the widget and contacts for any bot token. For tests and development, never for production.
 */
export class FakeTelegramServer {
  readonly telegram: FakeTelegram;
  /** To register clients, choose who stands at the browser, and break things on purpose. */
  readonly oidc: FakeOidcBehind;

  private readonly now: () => Date;
  private port: number;
  private server: Server | null = null;

  constructor({ port = 0, keys, now = () => new Date() }: FakeTelegramServerOptions = {}) {
    this.port = port;
    this.now = now;
    this.telegram = new FakeTelegram(keys?.initData);
    this.oidc = new FakeOidcBehind(
      { now, ...(keys ? { privateKeyPems: keys.oidc } : {}) },
      () => this.issuer,
    );
    this.oidc.nextPerson = ADA;
  }

  /** Its own URL, without a slash at the end. @throws Error before the first start */
  get issuer(): string {
    if (this.port === 0) throw new Error('the fake Telegram has not been started');
    return `http://127.0.0.1:${this.port}`;
  }

  get keys(): FakeTelegramKeys {
    return { initData: this.telegram.privateKeyPem, oidc: this.oidc.privateKeyPems };
  }

  /** The settings for Countersign to trust it, for these bots; production refuses them. */
  environmentFor(botIds: readonly string[]): {
    readonly TELEGRAM_OIDC_ISSUER: string;
    readonly DEMO_TELEGRAM_KEY: string;
  } {
    const keys = botIds.map((botId) => `${botId}:${this.telegram.publicKeyHex}`);
    return { TELEGRAM_OIDC_ISSUER: this.issuer, DEMO_TELEGRAM_KEY: keys.join(',') };
  }

  /**
   * Listens; after a stop, on the same port again. @throws Error with the code EADDRINUSE when the port is
   * taken
   */
  async start(): Promise<void> {
    if (this.server) return;
    const server = createServer((request, response) => {
      this.serve(request, response).catch(() => response.destroy());
    });
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    await this.oidc.start();
  }

  /** Also ends the requests that hang. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server) await Promise.all([stopServer(server), this.oidc.stop()]);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = `${request.method ?? ''} ${(request.url ?? '/').split('?', 1)[0] ?? ''}`;
    const endpoint = Object.hasOwn(fakeTelegramEndpoints, name) ? fakeTelegramEndpoints[name] : undefined;
    if (!endpoint) {
      this.oidc.forward(request, response);
      return;
    }
    try {
      const { telegram, oidc, now } = this;
      const answer = endpoint({ telegram, oidc, now }, await readJson(request));
      send(response, answer ? 200 : 204, answer);
    } catch (error) {
      if (!(error instanceof FakeTelegramInputError || error instanceof RangeError)) throw error;
      send(response, 400, { error: error.message });
    }
  }
}

/** A fake Telegram that listens. `stop()` ends it. @throws Error with the code EADDRINUSE when the port is taken */
export async function startFakeTelegram(
  options: FakeTelegramServerOptions = {},
): Promise<FakeTelegramServer> {
  const server = new FakeTelegramServer(options);
  await server.start();
  return server;
}

/** One request per connection: a kept connection would be stale after a restart. */
function send(response: ServerResponse, status: number, body: object | null): void {
  const headers = { 'cache-control': 'no-store', connection: 'close' };
  response.writeHead(status, body ? { ...headers, 'content-type': 'application/json' } : headers);
  response.end(body ? JSON.stringify(body) : undefined);
}

/** Listens on a port that only the server in front of it uses, and names that server as the issuer. */
class FakeOidcBehind extends FakeOidc {
  constructor(
    options: FakeOidcOptions,
    private readonly front: () => string,
  ) {
    super(options);
  }

  override get issuer(): string {
    return this.front();
  }

  /** Passes a request on as it is, faults of the endpoint included. */
  forward(request: IncomingMessage, response: ServerResponse): void {
    const { hostname, port } = new URL(super.issuer);
    const { method = 'GET', url = '/', headers } = request;
    const onward = ask({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }
}
