import 'reflect-metadata';
import { runCommand } from './run-command';
import { CommandError, exitCodes } from './errors';
import { once } from 'node:events';
import type { Terminal } from './call';

let isReaderGone = false;

// A reader such as `head` may close the pipe early. This is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  isReaderGone = true;
  if (error.code === 'EPIPE') return;
  process.stderr.write(`The output cannot be written (${error.code ?? error.message}).\n`);
  process.exit(exitCodes.failed);
});

const processTerminal: Terminal = {
  environment: process.env,
  write: (text) => process.stdout.write(text),
  notify: (line) => process.stderr.write(`${line}\n`),
  drained: async () => {
    if (!isReaderGone && process.stdout.writableNeedDrain)
      await once(process.stdout, 'drain').catch(() => undefined);
    return !isReaderGone;
  },
  onInterrupt: (listener) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, listener);
  },
  chunks: () => process.stdin,
  readInput: async () => {
    if (process.stdin.isTTY) process.stderr.write('Reading from standard input; end with Ctrl-D.\n');
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks)
      .toString('utf8')
      .replace(/\r?\n$/, '');
  },
};

void runCommand(process.argv.slice(2), processTerminal).then(end, fail);

async function fail(error: unknown): Promise<void> {
  if (error instanceof CommandError) return end(error.exitCode, error.message);
  const { describeError, exitCodeOf } = await import('./describe-error.js');
  end(exitCodeOf(error), describeError(error));
}

function end(exitCode: number, sentence?: string): void {
  if (sentence !== undefined) process.stderr.write(`${sentence}\n`);
  process.exitCode = exitCode;
}
