import { closeSync, openSync } from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** A terminal that closes sends SIGHUP before it is taken from its processes. */
const HANGUP_MS = 200;

export class Interrupted extends Error {}

/**
 * When and how this process ends. Handles signals from its construction on; repeated ones change nothing, so
 * that a second Ctrl-C (npm forwards each one twice) cannot leave the database running.
 */
export class Ending {
  /** Resolves with the exit code: 0 after a signal, 1 after an uncaught error. */
  readonly reached: Promise<number>;
  /** What SIGHUP does, unless it says that the terminal has closed: then this process ends. */
  reload: () => void = () => undefined;
  private isReached = false;

  constructor() {
    const hadTerminal = hasTerminal();
    this.reached = new Promise((resolve) => {
      const end = (exitCode: number): void => {
        this.isReached = true;
        resolve(exitCode);
      };
      for (const signal of SIGNALS) process.on(signal, () => end(0));
      process.on('SIGHUP', () =>
        setTimeout(() => {
          if (hadTerminal && !hasTerminal()) end(0);
          else this.reload();
        }, HANGUP_MS),
      );
      process.on('uncaughtException', (error) => {
        // Only the first error: after EPIPE on our output, writing throws the next one.
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

/** Whether this process has a controlling terminal, which sends SIGHUP when it closes. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
