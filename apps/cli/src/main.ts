import 'reflect-metadata';
import { exitCodes } from './exit-codes';
import { processTerminal } from './process-terminal';
import { runCommand } from './run-command';
import { UsageError } from './errors';

runCommand(process.argv.slice(2), processTerminal).then(end, fail);

async function fail(error: unknown): Promise<void> {
  if (error instanceof UsageError) return end(exitCodes.usage, error.message);
  const { describeError, exitCodeOf } = await import('./describe-error.js');
  end(exitCodeOf(error), describeError(error));
}

function end(exitCode: number, sentence?: string): void {
  if (sentence !== undefined) process.stderr.write(`${sentence}\n`);
  process.exitCode = exitCode;
}
