import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Environment } from '@countersign/applications';
import { wholeNumber, type Call } from '../call';
import { command } from '../declaration';
import { exitCodes } from '../errors';

const MAX_RATE = 100_000;

export const importing = {
  name: 'import',
  ...command('create accounts of people who come from another system, and have proven nothing yet', {
    '<file>': 'one JSON object a line (docs/import.md), - for standard input',
    '--environment <environment>': {
      description: 'environment of the Telegram ids',
      words: ['production', 'test'],
      default: 'production',
    },
    '--rate <lines>': { description: `lines a second at most, 1 to ${MAX_RATE}`, default: '2000' },
    '--dry-run': 'write nothing, and print the result that each line would have',
  }).act(async (call, app) => {
    const imports = await import('../lazy/features.js');
    const options = {
      environment: call.required('environment') as Environment,
      linesPerSecond: wholeNumber(call, 'rate', 1, MAX_RATE),
      isDryRun: call.has('dry-run'),
    };
    const output = { isRead: true };
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

async function chunksOf(call: Call): Promise<AsyncIterable<Uint8Array>> {
  const { terminal, argument } = call;
  if (argument === '-')
    return terminal.chunks?.() ?? Readable.from([Buffer.from(await terminal.readInput())]);
  const file = createReadStream(argument);
  // A file that cannot be read must not begin an import.
  await once(file, 'readable');
  return file;
}
