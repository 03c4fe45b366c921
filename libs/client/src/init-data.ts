interface TelegramWindow {
  readonly Telegram?: { readonly WebApp?: { readonly initData?: string } };
}

/**
 * Init data of the page, as Telegram gave it: from `Telegram.WebApp`, from the fragment of the address, or from what
 * telegram-web-app.js stored for a reload; the newest, where they differ. It never changes while the page lives.
 * @returns `null` where there is none: outside Telegram, and for launches from keyboards and inline mode
 * @see https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
 */
export function readInitData(): string | null {
  const [newest] = sources
    .map((read) => {
      try {
        return read();
      } catch {
        // Blocked storage, no page, or text that is no JSON: then it is not there.
        return null;
      }
    })
    .sort((one, other) => dateOf(other) - dateOf(one));
  return newest || null;
}

const sources: readonly (() => string | null | undefined)[] = [
  () => (globalThis as TelegramWindow).Telegram?.WebApp?.initData,
  () => new URLSearchParams(location.hash.slice(1)).get('tgWebAppData'),
  () =>
    (JSON.parse(sessionStorage.getItem('__telegram__initParams') ?? '{}') as Partial<Record<string, string>>)[
      'tgWebAppData'
    ],
];

function dateOf(initData: string | null | undefined): number {
  return Number(new URLSearchParams(initData ?? '').get('auth_date'));
}

/** The Telegram id of the person, to tell stored sessions apart; empty where it cannot be read. Proves nothing. */
export function personIn(initData: string | null): string {
  return /"id":(\d+)/.exec(new URLSearchParams(initData ?? '').get('user') ?? '')?.[1] ?? '';
}
