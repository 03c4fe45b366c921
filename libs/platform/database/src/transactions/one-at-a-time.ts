import { isServiceUnavailable } from '../database.errors';

/** Runs work of one key sequentially. `service.unavailable` rejects waiting work too: it needs the same lock. */
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
    // Without a following call, the rejection would be unhandled.
    settled.catch(() => undefined);
    this.last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === settled) this.last.delete(key);
    }
  }
}
