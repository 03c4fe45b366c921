import type { IncomingMessage, ServerResponse } from 'node:http';
import { FakeTelegram } from '../fake-telegram';
import { ADA, fakeTelegramEndpoints } from './server-routes';
import { FakeTelegramInputError, readJson } from './server-input';
import type { FakeTelegramKeys } from './server-keys';
import { FakeOidc, send } from '../oidc/fake-oidc';
import { jsonAnswer } from '../oidc/fake-oidc-answer';

export interface FakeTelegramServerOptions {
  /** The default is a free port. */
  readonly port?: number;
  /** The `keys` of another instance. The default are new keys. */
  readonly keys?: FakeTelegramKeys;
  /** The default is the system clock. */
  readonly now?: () => Date;
}

/**
 * Runs a fake Telegram on 127.0.0.1 with its own keys: "Log In With Telegram", and endpoints that sign init data,
 * logins of the widget and contacts for any bot token. For tests and development, never for production.
 */
export class FakeTelegramServer extends FakeOidc {
  readonly telegram: FakeTelegram;
  /** Registers clients, chooses the person at the browser, and causes faults. */
  readonly oidc: FakeOidc = this;

  constructor({ port = 0, keys, now = () => new Date() }: FakeTelegramServerOptions = {}) {
    super({ now, port, privateKeyPems: keys?.oidc });
    this.telegram = new FakeTelegram(keys?.initData);
    this.nextPerson = ADA;
  }

  get keys(): FakeTelegramKeys {
    return { initData: this.telegram.privateKeyPem, oidc: this.privateKeyPems };
  }

  /** Returns the settings with which Countersign trusts it for these bots. Production refuses them. */
  environmentFor(botIds: readonly string[]): {
    readonly TELEGRAM_OIDC_ISSUER: string;
    readonly DEMO_TELEGRAM_KEY: string;
  } {
    const keys = botIds.map((botId) => `${botId}:${this.telegram.publicKeyHex}`);
    return { TELEGRAM_OIDC_ISSUER: this.issuer, DEMO_TELEGRAM_KEY: keys.join(',') };
  }

  protected override async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = `${request.method ?? ''} ${(request.url ?? '/').split('?', 1)[0] ?? ''}`;
    const endpoint = Object.hasOwn(fakeTelegramEndpoints, name) ? fakeTelegramEndpoints[name] : undefined;
    if (!endpoint) return super.serve(request, response);
    try {
      const { telegram, oidc, now } = this;
      const answer = endpoint({ telegram, oidc, now }, await readJson(request));
      send(response, answer ? jsonAnswer(200, answer) : { status: 204, headers: {}, body: '' });
    } catch (error) {
      if (!(error instanceof FakeTelegramInputError || error instanceof RangeError)) throw error;
      send(response, jsonAnswer(400, { error: error.message }));
    }
  }
}

/** Starts a fake Telegram. `stop()` ends it. @throws Error with the code EADDRINUSE if the port is taken */
export async function startFakeTelegram(
  options: FakeTelegramServerOptions = {},
): Promise<FakeTelegramServer> {
  const server = new FakeTelegramServer(options);
  await server.start();
  return server;
}
