/** The window, with what clients of Telegram and telegram-web-app.js add to it. */
interface TelegramPage {
  readonly location?: { readonly protocol: string; readonly hash: string };
  readonly parent?: unknown;
  readonly external?: { readonly notify?: () => void };
  readonly TelegramWebviewProxy?: object;
  readonly Telegram?: { readonly WebApp?: { readonly initData?: string } };
}

/**
 * Init data of the page, unchanged: from `Telegram.WebApp`, else from the fragment of the address, else what
 * telegram-web-app.js stored in an earlier load.
 * @returns `null` where there is none: for launches from keyboards and inline mode, and on `https:` pages outside Telegram,
 * since an attacker can send a link with their own init data
 * @see https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
 */
export function readInitData(): string | null {
  const page = globalThis as unknown as TelegramPage;
  // The channels of telegram-web-app.js to a client of Telegram. An address alone does not prove one.
  const isInTelegram = page.TelegramWebviewProxy ?? page.external?.notify ?? page.parent !== page;
  const inAddress = fieldOf(page.location?.hash.slice(1), 'tgWebAppData');
  let stored: string | undefined;
  try {
    const launch = sessionStorage.getItem('__telegram__initParams') as string;
    stored = (JSON.parse(launch) as { readonly tgWebAppData?: string } | null)?.tgWebAppData;
  } catch {
    // Blocked storage, or text that is no JSON.
  }
  return page.location?.protocol === 'https:' && !isInTelegram
    ? null
    : page.Telegram?.WebApp?.initData || inAddress || stored || null;
}

export function fieldOf(text: string | null | undefined, name: string): string | null {
  return new URLSearchParams(text as string).get(name);
}

/** The Telegram id of the person, to tell stored sessions apart; empty where it cannot be read. Proves nothing. */
export function personIn(initData: string | null): string {
  return /"id":(\d+)/.exec(fieldOf(initData, 'user') as string)?.[1] ?? '';
}
