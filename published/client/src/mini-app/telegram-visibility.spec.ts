import type { SessionState } from '../types.js';
import { followTelegramVisibility } from './telegram-visibility.js';

const VISIBLE = { eventType: 'visibility_changed', eventData: { is_visible: true } };

class FakePage extends EventTarget {
  readonly parent = this;
}

let page: FakePage;

/** The session of a client, and how often it was woken. */
function aSession(status: 'loading' | 'signed-in' = 'signed-in') {
  const state = { status } as SessionState;
  return {
    woken: 0,
    getSnapshot: () => state,
    getServerSnapshot: () => state,
    subscribe() {
      this.woken += 1;
      return () => undefined;
    },
  };
}

function tell(data: unknown): void {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  page.dispatchEvent(new MessageEvent('message', { data: text }));
}

beforeEach(() => {
  page = new FakePage();
  Object.assign(globalThis, { window: page });
});

afterEach(() => {
  for (const name of ['window', 'Telegram']) Reflect.deleteProperty(globalThis, name);
});

describe('a page that follows the visibility of Telegram', () => {
  it('wakes the session when it is shown, and not for other messages', () => {
    const session = aSession();
    const stop = followTelegramVisibility({ session });

    for (const data of [
      { ...VISIBLE, eventData: { is_visible: false } },
      { ...VISIBLE, eventType: 'theme_changed' },
      { eventType: 'visibility_changed' },
      'visibility_changed',
      'null',
    ])
      tell(data);
    expect(session.woken).toBe(0);

    tell(VISIBLE);
    expect(session.woken).toBe(1);
    stop();
    tell(VISIBLE);
    expect(session.woken).toBe(1);
  });

  it('hears it from the script of Telegram, until it stops', () => {
    const listeners = new Map<string, () => void>();
    const WebApp = {
      onEvent: (event: string, listener: () => void) => void listeners.set(event, listener),
      offEvent: (event: string) => void listeners.delete(event),
    };
    Object.assign(globalThis, { Telegram: { WebApp } });
    const session = aSession();
    const stop = followTelegramVisibility({ session });

    listeners.get('activated')?.();

    expect(session.woken).toBe(1);
    stop();
    expect(listeners.size).toBe(0);
  });

  it('opens no session that nothing has asked for', () => {
    const session = aSession('loading');
    followTelegramVisibility({ session });

    tell(VISIBLE);

    expect(session.woken).toBe(0);
  });
});
