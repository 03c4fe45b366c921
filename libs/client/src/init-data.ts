/** What a page may have beside the web's own. */
interface TelegramPage {
  readonly location?: { readonly protocol: string; readonly hash: string };
  readonly parent?: unknown;
  readonly external?: { readonly notify?: () => void };
  readonly TelegramWebviewProxy?: object;
  readonly Telegram?: { readonly WebApp?: { readonly initData?: string } };
}

/** What telegram-web-app.js stores for a reload. */
interface StoredLaunch {
  readonly tgWebAppData?: string;
}

/**
 * Init data of the page, as Telegram gave it: that of `Telegram.WebApp`; without telegram-web-app.js that of the
 * fragment of the address, or of what the script stored in an earlier load. It never changes while the page lives.
 * @returns `null` where there is none: for launches from keyboards and inline mode, and on https: pages outside Telegram,
 * where anyone can have made a link with init data of their own
 * @see https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
 */
export function readInitData(): string | null {
  const page = globalThis as unknown as TelegramPage;
  // The ways in which telegram-web-app.js reaches a client of Telegram: an address alone proves none.
  const isInTelegram = page.TelegramWebviewProxy ?? page.external?.notify ?? page.parent !== page;
  const inAddress = fieldOf(page.location?.hash.slice(1), 'tgWebAppData');
  let stored: StoredLaunch | null = null;
  try {
    stored = JSON.parse(sessionStorage.getItem('__telegram__initParams') as string) as StoredLaunch | null;
  } catch {
    // Blocked storage, or text that is no JSON.
  }
  return page.location?.protocol === 'https:' && !isInTelegram
    ? null
    : page.Telegram?.WebApp?.initData || inAddress || stored?.tgWebAppData || null;
}

function fieldOf(text: string | null | undefined, name: string): string | null {
  return new URLSearchParams(text as string).get(name);
}

/** The Telegram id of the person, to tell stored sessions apart; empty where it cannot be read. Proves nothing. */
export function personIn(initData: string | null): string {
  return /"id":(\d+)/.exec(fieldOf(initData, 'user') as string)?.[1] ?? '';
}
