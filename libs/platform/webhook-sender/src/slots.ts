/** At most so many at a time; the others wait in the order of their calls. */
export class Slots {
  private used = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly most: number) {}

  get isUnused(): boolean {
    return this.used === 0;
  }

  /** Each `take` that succeeds is followed by a `giveBack`. Rejects with the signal's reason. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.used < this.most) {
      this.used += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(enter), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(enter);
    });
  }

  giveBack(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.used -= 1;
  }
}
