const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export class Interrupted extends Error {}

/**
 * When and how this process ends. Handles signals from its construction on; repeated ones change nothing, so
 * that a second Ctrl-C (npm forwards each one twice) cannot leave the database running.
 */
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
        // Only the first error: after EPIPE on our output, writing throws the next one.
        if (!this.isReached) process.stderr.write(`${error.stack ?? error.message}\n`);
        end(1);
      });
    });
  }

  /** Between two steps of the start. */
  check(): void {
    if (this.isReached) throw new Interrupted();
  }
}
