import { setTimeout as sleep } from 'node:timers/promises';

/** It took too long. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** @throws NoAnswer when `work` takes longer; it goes on, and its outcome is ignored. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      work,
      sleep(milliseconds, undefined, { signal: timer.signal }).then(() => {
        throw new NoAnswer(`no answer within ${milliseconds} ms`);
      }),
    ]);
  } finally {
    timer.abort();
    work.catch(() => undefined);
  }
}
