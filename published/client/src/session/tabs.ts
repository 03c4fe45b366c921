/** The maximum waits for answers of other pages, and for the turn. */
const ANSWER_MS = 50;
const TURN_MS = 5000;

/** Other pages of the same origin with the same session. A server has none. */
export interface Tabs {
  tell(text: string): void;
  /** Asks the others for their session, and waits a moment for it. */
  ask(): Promise<void>;
  close(): void;
}

export function tabsNamed(
  name: string,
  hear: (text: string) => void,
  answer: () => string | undefined,
): Tabs {
  let channel: BroadcastChannel | undefined;
  try {
    if (typeof location !== 'undefined') channel = new BroadcastChannel(name);
  } catch {
    // Without it, pages with one session at most refresh once more.
  }
  const tell = (text: string | undefined): void => {
    if (text) channel?.postMessage(text);
  };
  channel?.addEventListener('message', ({ data }: MessageEvent<string | null>) => {
    if (data) hear(data);
    else tell(answer());
  });
  return {
    tell,
    async ask() {
      channel?.postMessage(null);
      if (channel) await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    },
    close: () => channel?.close(),
  };
}

/**
 * Runs the work while no other page does. If locks are missing, blocked or never granted, it runs anyway, because the
 * service gives two refreshes within ten seconds the same answer.
 */
export async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
  let release = (): void => undefined;
  if (typeof location !== 'undefined')
    await new Promise<void>((granted, refused) => {
      navigator.locks
        .request(name, { signal: AbortSignal.timeout(TURN_MS) }, () => {
          granted();
          return new Promise<void>((resolve) => (release = resolve));
        })
        .catch(refused);
    }).catch(() => undefined);
  try {
    return await work();
  } finally {
    release();
  }
}
