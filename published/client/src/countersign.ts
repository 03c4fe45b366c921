import type { Call } from './api.js';
import { sessionManager } from './session/session-manager.js';
import type { Live } from './session/stored-session.js';
import { problemIn } from './problem.js';
import type { Countersign, CountersignOptions, Transport } from './types.js';
import { isPassing } from './what-codes-mean.js';
import { addressOf, bodyOf, requestOf, wireOf } from './wire.js';

interface AnyInput {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Creates the client of one application. It neither reads nor sends anything until the session is subscribed to or a
 * method is called, so it may be created anywhere: at the top of a module, on a server, twice.
 */
export function createCountersign(options: CountersignOptions): Countersign {
  const wire = wireOf(options);
  const manager = sessionManager(options, wire);

  async function send(request: Request, { pair }: Live, transport?: Transport): Promise<Response> {
    return wire.send(request, pair, await manager.keyFor(pair), transport);
  }

  /** Sends the session's token, if there is one. It repeats the request if the answer requires another token. */
  async function sent(request: Request, transport?: Transport): Promise<Response> {
    const used = await manager.current();
    if (!used) return wire.send(request, null, null, transport);
    const answer = await send(request.clone(), used, transport);
    if (answer.status !== 401) {
      manager.touch(used);
      return answer;
    }
    const next = await manager.recover(used, await problemIn(answer)).catch((error: unknown) => {
      if (isPassing(error)) throw error;
      return null;
    });
    // A request of one person is never repeated as another person.
    return next?.pair.userId === used.pair.userId ? send(request, next, transport) : answer;
  }

  const call = (async (method: string, path: string, input: AnyInput = {}) => {
    const { path: names = {}, query = {}, body, headers, signal } = input;
    const filled = path.replace(/{(\w+)}/g, (_, name: string) => encodeURIComponent(names[name] as string));
    // An empty segment, `.` or `..` would change the path.
    if (/\/\.{0,2}(\/|$)/.test(filled)) throw new TypeError(filled);
    // JSON leaves out undefined values.
    const search = String(new URLSearchParams(JSON.parse(JSON.stringify(query)) as Record<string, string>));
    const address = addressOf(options.api, filled) + (search && `?${search}`);
    const request = requestOf(address, method, body ? JSON.stringify(body) : null, signal, headers);
    return bodyOf(sent(request));
  }) as Call;

  return {
    session: manager.session,
    signIn: manager.signIn,
    signOut: manager.signOut,
    close: manager.close,
    async fetch(input, init, transport) {
      const request = new Request(input, init);
      const { origin } = new URL(request.url);
      if (![options.api, ...(options.origins ?? [])].some((address) => new URL(address).origin === origin))
        return wire.send(request, null, null, transport);
      return sent(
        new Request(request, { redirect: request.redirect === 'manual' ? 'manual' : 'error' }),
        transport,
      );
    },
    call,
    async getAccessToken() {
      const used = await manager.current();
      // The service is asked first, because a refresh without an answer would lose the session.
      if (used && manager.mayHaveEnded(used))
        await call('GET', '/v1/me').catch((error: unknown) => {
          if (isPassing(error)) throw error;
        });
      return (await manager.current())?.pair.accessToken ?? null;
    },
  };
}
