import type { Store } from './types.js';

/** A client without support for a store never answers. */
const LIMIT_MS = 1000;

type Method = keyof Store;

/** A store that is looked for at each call: reading `localStorage` itself may throw. */
export interface Opening {
  readonly open: () => unknown;
  /** Whether it answers as Telegram's stores do, by `callback(error, value)`. */
  readonly callsBack?: boolean;
}

/** Only the clients of Bot API 9.0 have them, and not all of those. */
function ofTelegram(kind: 'SecureStorage' | 'DeviceStorage'): Opening {
  const open = (): unknown =>
    (globalThis as { Telegram?: { WebApp?: Record<string, unknown> } }).Telegram?.WebApp?.[kind];
  return { open, callsBack: true };
}

/**
 * The stores of the page, the best first. A session by init data has to outlive a reload only, so it stays in the
 * tab; another one is kept for good. A server has none of them: there the session lives in memory.
 */
export function storesOfPage(hasInitData: boolean): readonly Opening[] {
  if (typeof location === 'undefined') return [];
  if (hasInitData) return [{ open: () => sessionStorage }];
  return [ofTelegram('SecureStorage'), { open: () => localStorage }, ofTelegram('DeviceStorage')];
}

/** Stores of which any may be blocked: one that fails is left alone from then on. */
export interface Vault {
  /** What each store has under the name; anything but a text is nothing. */
  read(name: string): Promise<readonly unknown[]>;
  /** Writes to the first store that takes it. Resolves in any case. */
  write(name: string, value: string): Promise<void>;
  remove(name: string): Promise<unknown>;
}

export function vaultOf(openings: readonly Opening[]): Vault {
  const usable = new Set(openings);

  function ask(opening: Opening, method: Method, ...input: unknown[]): Promise<unknown> {
    let timer: ReturnType<typeof setTimeout>;
    return new Promise<unknown>((resolve, reject) => {
      timer = setTimeout(reject, LIMIT_MS);
      if (opening.callsBack)
        input.push((error: unknown, value: unknown) => (error ? reject(new Error()) : resolve(value)));
      const answer = (opening.open() as Record<Method, (...input: unknown[]) => unknown>)[method](...input);
      if (!opening.callsBack) resolve(answer);
    })
      .catch(() => void usable.delete(opening))
      .finally(() => clearTimeout(timer));
  }

  function askAll(method: Method, name: string): Promise<readonly unknown[]> {
    return Promise.all([...usable].map((opening) => ask(opening, method, name)));
  }

  return {
    read: (name) => askAll('getItem', name),
    async write(name, value) {
      for (const opening of usable) {
        await ask(opening, 'setItem', name, value);
        if (usable.has(opening)) return;
      }
    },
    remove: (name) => askAll('removeItem', name),
  };
}
