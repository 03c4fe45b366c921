import { isServiceUnavailable } from '../database.errors';

/**
 * Runs work of one key one after the other, in this process. When work is rejected with `service.unavailable`, all work that
 * waits behind it is rejected too: each would wait for the same lock again.
 */
export class OneAtATime {
  private readonly last = new Map<string, Promise<void>>();

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.last.get(key) ?? Promise.resolve()).then(work);
    const settled = mine.then(
      () => undefined,
      (error: unknown) => {
        if (isServiceUnavailable(error)) throw error;
      },
    );
    // Without a call behind it the rejection would be unhandled.
    settled.catch(() => undefined);
    this.last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === settled) this.last.delete(key);
    }
  }
}
