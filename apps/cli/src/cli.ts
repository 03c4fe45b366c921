import 'reflect-metadata';
import { processTerminal } from './process-terminal';
import { runCommand } from './run-command';
import { CommandError } from './errors';

/** Runs a command of this process, and sets the exit code. */
export function run(words: readonly string[]): Promise<void> {
  return runCommand(words, processTerminal).then(end, fail);
}

async function fail(error: unknown): Promise<void> {
  if (error instanceof CommandError) return end(error.exitCode, error.message);
  const { describeError, exitCodeOf } = await import('./describe-error.js');
  end(exitCodeOf(error), describeError(error));
}

function end(exitCode: number, sentence?: string): void {
  if (sentence !== undefined) process.stderr.write(`${sentence}\n`);
  process.exitCode = exitCode;
}
