import type { IncomingMessage, ServerResponse } from 'node:http';
import { FakeTelegram } from '../fake-telegram';
import { ADA, fakeTelegramEndpoints } from './server-routes';
import { FakeTelegramInputError, readJson } from './server-input';
import type { FakeTelegramKeys } from './server-keys';
import { LocalServer } from '../local-server';
import { FakeOidc } from '../oidc/fake-oidc';

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
  readonly oidc: FakeOidc;

  private readonly now: () => Date;
  private readonly server: LocalServer;

  constructor({ port = 0, keys, now = () => new Date() }: FakeTelegramServerOptions = {}) {
    this.server = new LocalServer(port, (request, response) => this.serve(request, response));
    this.now = now;
    this.telegram = new FakeTelegram(keys?.initData);
    const pems = keys ? { privateKeyPems: keys.oidc } : {};
    this.oidc = new FakeOidc({ now, issuer: () => this.issuer, ...pems });
    this.oidc.nextPerson = ADA;
  }

  /** Its own URL, without a slash at the end. @throws Error before the first start */
  get issuer(): string {
    return this.server.origin;
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

  /** Listens; after a stop, on the same port again. @throws Error with the code EADDRINUSE when the port is taken */
  start(): Promise<void> {
    return this.server.start();
  }

  /** Also ends the requests that hang. */
  stop(): Promise<void> {
    return this.server.stop();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = `${request.method ?? ''} ${(request.url ?? '/').split('?', 1)[0] ?? ''}`;
    const endpoint = Object.hasOwn(fakeTelegramEndpoints, name) ? fakeTelegramEndpoints[name] : undefined;
    if (!endpoint) return this.oidc.serve(request, response);
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
