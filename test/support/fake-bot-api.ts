import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useFixture } from './use-fixture';

/** What the Bot API says of one bot, as https://core.telegram.org/bots/api describes the objects. */
export interface BotAtTelegram {
  readonly getMe: object;
  readonly getChatMenuButton: object;
}

/** The Bot API of Telegram, for the tokens that it is told of. Others are refused as there. */
export class FakeBotApi {
  readonly bots = new Map<string, BotAtTelegram>();
  /** Paths without the token. */
  readonly calls: string[] = [];
  /** Methods that fail for every bot. */
  readonly failing = new Set<string>();
  isSilent = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeBotApi> {
    const server = createServer();
    const api = new FakeBotApi(server);
    server.on('request', ({ url = '' }, response) => {
      const [, token = '', method = ''] = /^\/bot([^/]+)\/(?:test\/)?(\w+)$/.exec(url) ?? [];
      api.calls.push(url.replace(token, '<token>'));
      if (api.isSilent) return;
      const result = api.bots.get(token)?.[method as keyof BotAtTelegram];
      const [status, body] = api.failing.has(method)
        ? [429, { ok: false, error_code: 429, description: 'Too Many Requests: retry after 5' }]
        : result
          ? [200, { ok: true, result }]
          : [401, { ok: false, error_code: 401, description: 'Unauthorized' }];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

export function useFakeBotApi(): FakeBotApi {
  return useFixture(() => FakeBotApi.start(), { close: (made) => made.close() });
}
