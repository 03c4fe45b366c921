const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The start was interrupted by a signal. */
export class Interrupted extends Error {}

/**
 * When and how this process is to end. Holds the signals from its making on: a second one changes nothing, so that
 * an impatient Ctrl-C (npm passes every one on a second time) cannot leave the database behind.
 */
export class Ending {
  /** Resolves with the exit code: 0 after a signal, 1 after an error that nobody caught. */
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
        // Only the first: when it is that nobody reads our output any more, writing throws the next one.
        if (!this.isReached) process.stderr.write(`${error.stack ?? error.message}\n`);
        end(1);
      });
    });
  }

  /** Between two steps of the start. @throws Interrupted when the process is to end. */
  check(): void {
    if (this.isReached) throw new Interrupted();
  }
}
