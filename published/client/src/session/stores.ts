import type { Store } from '../types.js';

/** A client without support for a store never answers. */
const LIMIT_MS = 1000;

type Method = keyof Store;

/** Opens a store at each call, because reading `localStorage` may throw. Telegram's stores need Bot API 9.0. */
export type Opening = (() => Store) | 'SecureStorage' | 'DeviceStorage';

type Calls = Record<Method, (...input: unknown[]) => unknown>;

interface TelegramWindow {
  readonly Telegram: { readonly WebApp: Record<'SecureStorage' | 'DeviceStorage', Calls> };
}

/**
 * Lists the best store first. A session by init data only has to survive a reload, so it stays in the tab. Other
 * sessions are stored permanently. A server has no stores, so its session stays in memory.
 */
export function storesOfPage(hasInitData: boolean): readonly Opening[] {
  if (typeof location === 'undefined') return [];
  return hasInitData ? [() => sessionStorage] : ['SecureStorage', () => localStorage, 'DeviceStorage'];
}

/** A group of stores. Any store may be blocked: after a failure it is not used again. */
export interface Vault {
  /** Returns the content of each store under the name. Values other than text count as empty. */
  read(): Promise<readonly unknown[]>;
  /** Writes to the first store that accepts it, and never rejects. */
  write(value: string): Promise<void>;
  remove(): Promise<unknown>;
}

export function vaultOf(openings: readonly Opening[], name: string): Vault {
  const usable = new Set(openings);

  function ask(opening: Opening, method: Method, ...value: unknown[]): Promise<unknown> {
    let timer: ReturnType<typeof setTimeout>;
    return new Promise<unknown>((resolve, reject) => {
      timer = setTimeout(reject, LIMIT_MS);
      if (typeof opening === 'string')
        (globalThis as unknown as TelegramWindow).Telegram.WebApp[opening][method](
          name,
          ...value,
          (error: unknown, value: unknown) => (error ? reject(new Error()) : resolve(value)),
        );
      else Promise.resolve((opening() as unknown as Calls)[method](name, ...value)).then(resolve, reject);
    })
      .catch(() => void usable.delete(opening))
      .finally(() => clearTimeout(timer));
  }

  function askAll(method: Method): Promise<readonly unknown[]> {
    return Promise.all([...usable].map((opening) => ask(opening, method)));
  }

  return {
    read: () => askAll('getItem'),
    async write(value) {
      for (const opening of usable) {
        await ask(opening, 'setItem', value);
        if (usable.has(opening)) return;
      }
    },
    remove: () => askAll('removeItem'),
  };
}
