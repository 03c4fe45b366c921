import type { SessionState, SessionStore } from '../types.js';

const LOADING: SessionState = { status: 'loading' };

/** The state and its listeners. `start` runs at the first subscription. */
export function sessionStore(start: () => void): SessionStore & { set(state: SessionState): void } {
  const listeners = new Set<() => void>();
  let state = LOADING;
  return {
    getSnapshot: () => state,
    getServerSnapshot: () => LOADING,
    subscribe(listener) {
      // Its own function: the same listener may subscribe twice.
      const entry = (): void => listener();
      listeners.add(entry);
      start();
      return () => void listeners.delete(entry);
    },
    set(next) {
      if (JSON.stringify(next) === JSON.stringify(state)) return;
      state = next;
      // Later and each by itself: a listener may call the client, and may throw.
      for (const listener of listeners) queueMicrotask(listener);
    },
  };
}
