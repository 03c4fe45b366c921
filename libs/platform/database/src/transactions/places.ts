import { unavailable } from '../database.errors';

/** Limits concurrent work; more waits for a free place. */
export class Places {
  private readonly queue: (() => void)[] = [];

  constructor(
    private free: number,
    private readonly maxWaitMs: number,
  ) {}

  /** @throws AppError service.unavailable when no place became free in time */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await this.wait();
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.free += 1;
    }
  }

  private wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.queue.splice(this.queue.indexOf(enter), 1);
        reject(unavailable(new Error('too many wait for what others hold')));
      }, this.maxWaitMs);
      this.queue.push(enter);
    });
  }
}
