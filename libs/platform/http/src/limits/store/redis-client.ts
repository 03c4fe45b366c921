import { Redis, type Result } from 'ioredis';

/** Atomic: `consume` counts one unless the limit is reached. The expiry is set first, so no key stays forever. */
const WINDOW = `
local used = tonumber(redis.call('GET', KEYS[1]) or 0)
local isAllowed = used < tonumber(ARGV[1])
if isAllowed and ARGV[3] == 'consume' then
  redis.call('SET', KEYS[1], 0, 'PX', ARGV[2], 'NX')
  redis.call('INCR', KEYS[1])
end
return { isAllowed and 1 or 0, redis.call('PTTL', KEYS[1]) }
`;

export type WindowAct = 'consume' | 'peek';

/** 1 or 0 for allowed, and the milliseconds left (below zero without a window). */
type WindowReply = [isAllowed: number, endsIn: number];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    countersignWindow(
      key: string,
      limit: number,
      windowMs: number,
      act: WindowAct,
    ): Result<WindowReply, Context>;
  }
}

const CONNECT_TIMEOUT_MS = 1_000;
const DISCONNECT_TIMEOUT_MS = 100;

/** A client that connects once, on `connect()`, and never resends. `SharedStore` replaces a lost client. */
export function createRedisClient(url: string): Redis {
  return new Redis(url, {
    lazyConnect: true,
    retryStrategy: null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    disableClientInfo: true,
    scripts: { countersignWindow: { numberOfKeys: 1, lua: WINDOW } },
  });
}
