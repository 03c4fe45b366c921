import type { Store } from '../types.js';

/** A client without support for a store never answers. */
const LIMIT_MS = 1000;

type Method = keyof Store;

/**
 * A store that is looked for at each call, since reading `localStorage` itself may throw; or the name of one of
 * Telegram's, which only clients of Bot API 9.0 have, and not all of those.
 */
export type Opening = (() => Store) | 'SecureStorage' | 'DeviceStorage';

type Calls = Record<Method, (...input: unknown[]) => unknown>;

interface TelegramWindow {
  readonly Telegram: { readonly WebApp: Record<'SecureStorage' | 'DeviceStorage', Calls> };
}

/**
 * The stores of the page, the best first. A session by init data has to outlive a reload only, so it stays in the
 * tab; another one is kept for good. A server has none of them: there the session lives in memory.
 */
export function storesOfPage(hasInitData: boolean): readonly Opening[] {
  if (typeof location === 'undefined') return [];
  return hasInitData ? [() => sessionStorage] : ['SecureStorage', () => localStorage, 'DeviceStorage'];
}

/** Stores of which any may be blocked: one that fails is left alone from then on. */
export interface Vault {
  /** What each store has under the name; anything but a text is nothing. */
  read(): Promise<readonly unknown[]>;
  /** Writes to the first store that takes it. Resolves in any case. */
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
        // Throws where it is missing.
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
