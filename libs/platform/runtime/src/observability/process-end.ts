import type { Logger } from './logger';

/** As long as an orchestrator waits after SIGTERM (docs/operations.md). */
const MAX_CLOSE_MS = 30_000;

interface Running {
  readonly logger: Logger;
  close(): Promise<void>;
}

/**
 * Closes the service and ends the process: with 0 after a signal, and with 1 after an error or a rejection that nothing
 * handled, since an unknown state is not to serve.
 * @param starting its rejection is the caller's
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
