import type { SessionState, SessionStore } from '../types.js';

const LOADING: SessionState = { status: 'loading' };

export function sessionStore(start: () => void): SessionStore & { set(state: SessionState): void } {
  const listeners = new Set<() => void>();
  let state = LOADING;
  return {
    getSnapshot: () => state,
    getServerSnapshot: () => LOADING,
    subscribe(listener) {
      // The same listener may subscribe twice, so each subscription has its own function.
      const entry = (): void => listener();
      listeners.add(entry);
      start();
      return () => void listeners.delete(entry);
    },
    set(next) {
      if (JSON.stringify(next) === JSON.stringify(state)) return;
      state = next;
      // Each listener runs later and alone, because it may call the client or throw.
      for (const listener of listeners) queueMicrotask(listener);
    },
  };
}
