interface TelegramPage {
  readonly location?: { readonly protocol: string; readonly hash: string };
  readonly parent?: unknown;
  readonly external?: { readonly notify?: () => void };
  readonly TelegramWebviewProxy?: object;
  readonly Telegram?: { readonly WebApp?: { readonly initData?: string } };
}

/**
 * Returns the page's init data unchanged: from `Telegram.WebApp`, else from the fragment of the address, else from what
 * telegram-web-app.js stored in an earlier load.
 * @returns `null` for launches from keyboards and inline mode, and on `https:` pages outside Telegram, because an
 * attacker can send a link with their own init data
 * @see https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
 */
export function readInitData(): string | null {
  const page = globalThis as unknown as TelegramPage;
  // telegram-web-app.js talks to Telegram's clients on these channels. An address alone does not prove a client.
  const isInTelegram = page.TelegramWebviewProxy ?? page.external?.notify ?? page.parent !== page;
  const inAddress = fieldOf(page.location?.hash.slice(1), 'tgWebAppData');
  let stored: string | undefined;
  try {
    const launch = sessionStorage.getItem('__telegram__initParams') as string;
    stored = (JSON.parse(launch) as { readonly tgWebAppData?: string } | null)?.tgWebAppData;
  } catch {
    // Storage may be blocked, or its text may not be JSON.
  }
  return page.location?.protocol === 'https:' && !isInTelegram
    ? null
    : page.Telegram?.WebApp?.initData || inAddress || stored || null;
}

export function fieldOf(text: string | null | undefined, name: string): string | null {
  return new URLSearchParams(text as string).get(name);
}

/** Returns the person's Telegram id, or an empty text. It only tells stored sessions apart, and proves nothing. */
export function personIn(initData: string | null): string {
  return /"id":(\d+)/.exec(fieldOf(initData, 'user') as string)?.[1] ?? '';
}
