import { once } from 'node:events';
import { createReadStream, fstatSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { choose, limitOf, uuidArgument, wholeNumber, type Call } from '../call';
import { command, group, oneOf } from '../declaration';
import { UsageError } from '../errors';
import { exitCodes } from '../exit-codes';
import { limit } from '../options';
import { environments } from '../words';

const NAME = /^[\w.-]{1,64}$/;
const MAX_RATE = 100_000;

export const importing = group(
  'import',
  'people who come from another system',
  {
    people: command('create accounts of people, who have proven nothing yet; `people` may be left out', {
      '<file>': 'one JSON object a line (docs/import.md), - for standard input',
      '--name <name>': 'names the import: the same name goes on with it (default: the name of the file)',
      '--environment <environment>': oneOf(environments, 'environment of the Telegram ids', {
        default: 'production',
      }),
      '--rate <lines>': { description: `lines a second at most, 1 to ${MAX_RATE}`, default: '2000' },
      '--dry-run': 'write nothing, and print the result that each line would have',
    }).act(async (call, app, { imports }) => {
      const options = {
        name: nameOf(call),
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
      const isClean = summary.conflict === 0 && summary.invalid === 0;
      const ofLines = isClean ? exitCodes.ok : exitCodes.refused;
      const exitCode = output.isRead ? ofLines : exitCodes.failed;
      return { json: summary, text: JSON.stringify(summary), exitCode };
    }),
    list: command('list imports, newest first', limit).list({
      read: async (call, app, { imports }) => {
        const found = await app.get(imports.ImportsService).list(limitOf(call));
        return found.map(({ id, name, createdAt }) => ({
          importId: id,
          name,
          createdAt: createdAt.toISOString(),
        }));
      },
      columns: { import: 'importId', created: 'createdAt', name: 'name' },
      none: 'None',
    }),
    undo: command('remove the people of an import who have not signed in yet', {
      '<importId>': 'the import, as list names it',
    }).act(async (call, app, { imports }) => {
      const json = await app.get(imports.ImportUndoing).undo(uuidArgument(call, 'importId'));
      return { json, text: `${json.removed} removed, ${json.remaining} stay` };
    }),
  },
  'people',
);

/** @throws UsageError when the name of the file is no name of an import */
function nameOf(call: Call): string {
  const name = call.optional('name') ?? (call.argument === '-' ? 'stdin' : basename(call.argument));
  if (!NAME.test(name)) throw new UsageError('--name must be 1 to 64 letters, digits and . _ -.');
  return name;
}

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
