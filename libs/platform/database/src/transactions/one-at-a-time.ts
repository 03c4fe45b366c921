import { isServiceUnavailable } from '../database.errors';

/**
 * Runs work of one key one after the other, in this process. When work finds the database away or its row locked for
 * seconds, those that wait behind it are rejected with it: they would meet the same, one after the other.
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
    // There may be no call behind it.
    settled.catch(() => undefined);
    this.last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === settled) this.last.delete(key);
    }
  }
}
