/** How long a page waits for what others tell, and for its turn. */
const ANSWER_MS = 50;
const TURN_MS = 5000;

/** Other pages of the same origin with the same session. On a server there are none. */
export interface Tabs {
  tell(text: string): void;
  /** Lets the others tell what they have, and waits a moment for it. */
  ask(): Promise<void>;
  close(): void;
}

/**
 * @param hear takes what another page tells
 * @param answer what this page has to tell
 */
export function tabsNamed(
  name: string,
  hear: (text: string) => void,
  answer: () => string | undefined,
): Tabs {
  let channel: BroadcastChannel | undefined;
  try {
    if (typeof location !== 'undefined') channel = new BroadcastChannel(name);
  } catch {
    // Without it pages with one session disturb each other at most: they refresh once more.
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
 * Does the work while no other page does. Where locks are missing, blocked or never granted it goes ahead: the
 * service answers two refreshes within ten seconds alike.
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
