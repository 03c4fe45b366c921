import 'reflect-metadata';
import { describeError } from './describe-error';
import { processTerminal } from './process-terminal';
import { runCommand } from './run-command';

runCommand(process.argv.slice(2), processTerminal).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = 1;
  },
);
