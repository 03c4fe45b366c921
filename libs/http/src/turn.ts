type Work = () => void;

let waiting: Work[] = [];

/**
 * Runs `work` after everything that has arrived by now was looked at, and before the process looks for more. In the order
 * of the calls; what `work` itself asks for comes in the same turn.
 * @param work must not throw: nobody is there to catch it
 */
export function atEndOfTurn(work: Work): void {
  if (waiting.push(work) === 1) setImmediate(runAll);
}

function runAll(): void {
  // An array is read up to its present end, which the work may have moved.
  for (const work of waiting)
    try {
      work();
    } catch (error) {
      // The process ends of it, as of any error that nobody catches, but not before everybody else was served.
      setImmediate(() => {
        throw error;
      });
    }
  waiting = [];
}
