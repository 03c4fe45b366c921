import type { Countersign } from '../types.js';

type Verb = 'onEvent' | 'offEvent';

interface TelegramWindow {
  readonly Telegram?: {
    readonly WebApp?: Partial<Record<Verb, (event: string, listener: () => void) => void>>;
  };
}

/**
 * Renews the session if it is due when Telegram shows a minimised Mini App again (`visibility_changed`, Bot API 8.0).
 * Some clients of Telegram minimise a page without hiding it, so the browser sends no `visibilitychange`. It does
 * nothing outside Telegram. `CountersignProvider` of `./react` calls it.
 * @returns a function that stops it
 */
export function followTelegramVisibility({ session }: Pick<Countersign, 'session'>): () => void {
  // A new subscription renews a session that is due.
  const wake = (): void => {
    if (session.getSnapshot().status !== 'loading') session.subscribe(() => undefined)();
  };
  const hear = ({ data, source }: MessageEvent<unknown>): void => {
    if ((!source || source === window.parent) && saysVisible(data)) wake();
  };
  const listen = (ofTelegram: Verb): void =>
    (globalThis as TelegramWindow).Telegram?.WebApp?.[ofTelegram]?.('activated', wake);
  // telegram-web-app.js sends `activated`. Frames, and other libraries on phones, receive the message itself.
  listen('onEvent');
  window.addEventListener('message', hear);
  return () => {
    listen('offEvent');
    window.removeEventListener('message', hear);
  };
}

function saysVisible(data: unknown): boolean {
  try {
    const { eventType, eventData } = JSON.parse(String(data)) as {
      readonly eventType?: string;
      readonly eventData?: { readonly is_visible?: boolean };
    };
    return eventType === 'visibility_changed' && !!eventData?.is_visible;
  } catch {
    return false;
  }
}
