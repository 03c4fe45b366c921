/** Repeats work while it is wanted and the page is shown, never twice at once. */
export class Polling {
  private isWanted = false;
  private isBusy = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param work answers how many milliseconds later it is repeated, or `null` for the end */
  constructor(private readonly work: () => Promise<number | null>) {
    document.addEventListener('visibilitychange', () => void this.go());
  }

  /** Works at once, too. */
  start(): Promise<void> {
    this.isWanted = true;
    return this.go();
  }

  stop(): void {
    this.isWanted = false;
  }

  private async go(): Promise<void> {
    clearTimeout(this.timer);
    if (!this.isWanted || this.isBusy || document.hidden) return;
    this.isBusy = true;
    const ms = await this.work().finally(() => (this.isBusy = false));
    if (ms === null) this.stop();
    else this.timer = setTimeout(() => void this.go(), ms);
  }
}
