interface TelegramWindow {
  readonly Telegram?: {
    readonly WebApp?: { ready(): void; expand(): void; close(): void; readonly initData: string };
  };
}

const webApp = (window as TelegramWindow).Telegram?.WebApp;

/** Whether Telegram can close this page: outside of it there is nothing to close. */
export const isClosable = Boolean(webApp?.initData);

/** Takes away what Telegram shows while a page loads. */
export function showPage(): void {
  webApp?.ready();
  webApp?.expand();
}

export function closePage(): void {
  webApp?.close();
}
