const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export class Interrupted extends Error {}

/** Repeated signals change nothing: npm forwards Ctrl-C twice, and the second must not leave the database running. */
export class Ending {
  /** Resolves with the exit code: 0 after a signal, 1 after an uncaught error. */
  readonly reached: Promise<number>;
  private isReached = false;

  constructor() {
    this.reached = new Promise((resolve) => {
      const end = (exitCode: number): void => {
        this.isReached = true;
        resolve(exitCode);
      };
      for (const signal of SIGNALS) process.on(signal, () => end(0));
      process.on('uncaughtException', (error) => {
        // Only the first error is written. After EPIPE, each write throws again.
        if (!this.isReached) process.stderr.write(`${error.stack ?? error.message}\n`);
        end(1);
      });
    });
  }

  /** Throws `Interrupted` if the process has to end. The start checks it between its steps. */
  check(): void {
    if (this.isReached) throw new Interrupted();
  }
}
