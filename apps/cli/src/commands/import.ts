import { once } from 'node:events';
import { createReadStream, fstatSync, statSync } from 'node:fs';
import { choose, wholeNumber, type Call } from '../call';
import { command, oneOf } from '../declaration';
import { UsageError } from '../errors';
import { exitCodes } from '../exit-codes';
import { environments } from '../options';

const MAX_RATE = 100_000;

export const importing = {
  name: 'import',
  ...command('create accounts of people who come from another system, and have proven nothing yet', {
    '<file>': 'one JSON object a line (docs/import.md), - for standard input',
    '--environment <environment>': oneOf(environments, 'environment of the Telegram ids', {
      default: 'production',
    }),
    '--rate <lines>': { description: `lines a second at most, 1 to ${MAX_RATE}`, default: '2000' },
    '--dry-run': 'write nothing, and print the result that each line would have',
  }).act(async (call, app) => {
    const imports = await import('../lazy/features.js');
    const options = {
      environment: choose('environment', call.required('environment'), environments),
      linesPerSecond: wholeNumber('rate', call.required('rate'), 1, MAX_RATE),
      isDryRun: call.has('dry-run'),
    };
    refuseOwnOutput(call);
    const output = { isRead: true };
    // Results are JSON with and without --json.
    const report = async (results: readonly object[]): Promise<boolean> => {
      call.terminal.write(results.map((result) => `${JSON.stringify(result)}\n`).join(''));
      output.isRead = (await call.terminal.drained?.()) !== false;
      return output.isRead;
    };
    const lines = imports.readLines(await chunksOf(call));
    const summary = await app.get(imports.ImportsService).run(lines, options, report);
    const ofLines = summary.invalid === 0 ? exitCodes.ok : exitCodes.refused;
    const exitCode = output.isRead ? ofLines : exitCodes.failed;
    return { json: summary, text: JSON.stringify(summary), exitCode };
  }),
};

/** Results that are appended to the file would be its next lines, without an end. @throws UsageError */
function refuseOwnOutput({ terminal, argument }: Call): void {
  const output = terminal.outputFile?.();
  if (!output) return;
  const input = argument === '-' ? fstatSync(0) : statSync(argument, { throwIfNoEntry: false });
  if (input?.dev === output.dev && input.ino === output.ino)
    throw new UsageError('Write the results to another file than <file>.');
}

async function chunksOf(call: Call): Promise<AsyncIterable<Uint8Array>> {
  const { terminal, argument } = call;
  if (argument === '-') return terminal.chunks?.() ?? inputOf(call);
  const file = createReadStream(argument);
  // A file that cannot be read begins no import.
  await once(file, 'readable');
  return file;
}

async function* inputOf({ terminal }: Call): AsyncGenerator<Uint8Array> {
  yield Buffer.from(await terminal.readInput());
}
