import { constants } from 'node:os';

/** Something went wrong that a person can put right: its message is one sentence that says how. */
export class Sentence extends Error {}

/** A signal ended us while we waited for a child. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(signal);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * Runs a script. A failure ends it with one line on stderr and exit code 1.
 *
 * @param {() => Promise<number | void>} script resolves with the exit code, if the process is to end with it
 */
export async function main(script) {
  try {
    const code = await script();
    if (typeof code === 'number') process.exitCode = code;
  } catch (error) {
    if (error instanceof Interrupted) process.exit(error.exitCode);
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

/**
 * Tells the person at the terminal something. On stderr: stdout belongs to the program that is being started.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}
