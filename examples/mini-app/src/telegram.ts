interface TelegramWindow {
  readonly Telegram?: {
    readonly WebApp?: { ready(): void; expand(): void; close(): void; readonly initData: string };
  };
}

const webApp = (window as TelegramWindow).Telegram?.WebApp;

/** Whether Telegram has opened this page, and can close it. */
export const isClosable = Boolean(webApp?.initData);

/** Hides Telegram's placeholder for a page that loads, and gives the page the full height. */
export function showPage(): void {
  webApp?.ready();
  webApp?.expand();
}

export function closePage(): void {
  webApp?.close();
}
