import type { Logger } from './logger';

/** An orchestrator waits this long after SIGTERM (docs/operations.md). */
const MAX_CLOSE_MS = 30_000;

interface Running {
  readonly logger: Logger;
  close(): Promise<void>;
}

/**
 * The exit code is 0 after a signal, and 1 after an unhandled error, because an unknown state must not serve.
 * @param starting the caller handles its rejection
 */
export function endProcessAfter(starting: Promise<Running>, signals: readonly NodeJS.Signals[]): void {
  let exitCode = 0;
  let isEnding = false;
  const end = (): void => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(1), MAX_CLOSE_MS);
    starting
      .then((running) => running.close())
      .then(
        () => process.exit(exitCode),
        () => process.exit(1),
      );
  };
  for (const signal of signals) process.on(signal, end);
  process.on('uncaughtException', (error) => {
    exitCode = 1;
    starting.then(
      ({ logger }) => logger.fatal({ err: error }, 'a defect: the process ends'),
      () => undefined,
    );
    end();
  });
}
