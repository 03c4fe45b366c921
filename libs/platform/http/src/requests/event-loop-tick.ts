type Work = () => void;

let waiting: Work[] = [];

/**
 * Runs after all input that has arrived is processed, before the event loop polls again. Calls run in order. Work that
 * `work` schedules runs in the same tick. @param work must not throw: it has no caller
 */
export function atEndOfTick(work: Work): void {
  if (waiting.push(work) === 1) setImmediate(runAll);
}

function runAll(): void {
  // An array iterates up to its current end, which the work may have moved.
  for (const work of waiting)
    try {
      work();
    } catch (error) {
      // An uncaught exception ends the process, but only after the other callbacks have run.
      setImmediate(() => {
        throw error;
      });
    }
  waiting = [];
}
