import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Sentence } from '../scripts/lib/main.mjs';
import { folderOnDisk } from './machine/disk.mjs';
import { Ending } from './machine/ending.mjs';
import { built } from './product/built.mjs';

const SMOKE = { isFlag: true, meaning: 'the smallest form: everything works, the figures mean nothing' };

/**
 * An option is a number unless a `text` (what is to be given, for the usage) or a flag.
 *
 * @typedef {{ meaning: string, usual?: number, smoke?: number, text?: string, isFlag?: boolean }} Option
 */

/**
 * Runs a bench in a folder of its own on a real disk, and cleans up, also after a signal. `work`: is given the
 * options, `folder`, `ending` and `check`. @returns the exit code
 */
export async function runBench({ command, options, words }, work) {
  const values = readOptions(command, options, words);
  if (!values) return 0;
  const ending = new Ending();
  try {
    const { prepareFolder } = built('tools/private-postgres/src');
    const folder = prepareFolder(mkdtempSync(join(folderOnDisk(), 'countersign-bench-')));
    ending.before(() => rmSync(folder, { recursive: true, force: true }));
    if (values.smoke) print('A smoke run: everything works, and the figures mean nothing.');
    return await work({ ...values, folder, ending, check: () => ending.check() });
  } catch (error) {
    // Ctrl-C reaches the children too, and their end is no failure then.
    ending.check();
    throw error;
  } finally {
    await ending.run();
  }
}

/** @returns by name; null when help was asked for */
function readOptions(command, options, words) {
  const all = Object.entries({ ...options, smoke: SMOKE });
  const types = [...all, ['help', SMOKE]].map(([name, { isFlag }]) => [
    name,
    { type: isFlag ? 'boolean' : 'string' },
  ]);
  const { values } = parseArgs({ args: words, options: Object.fromEntries(types) });
  if (values.help) return (print(usageOf(command, all)), null);
  const read = ([name, { usual, smoke = usual, text, isFlag }]) => {
    if (isFlag || text) return [name, values[name]];
    const value = Number(values[name] ?? (values.smoke ? smoke : usual));
    if (!(value > 0)) throw new Sentence(`--${name} must be a number above 0.`);
    return [name, value];
  };
  return Object.fromEntries(all.map(read));
}

function usageOf(command, options) {
  const lines = options.map(([name, { meaning, usual, text, isFlag }]) => {
    const given = `--${name}${isFlag ? '' : ` ${text ?? '<n>'}`}`;
    return `  ${given.padEnd(20)} ${meaning}${usual === undefined ? '' : ` (${usual})`}`;
  });
  return [`Usage: npm run ${command} [options]`, '', ...lines].join('\n');
}

export function print(text) {
  process.stdout.write(`${text}\n\n`);
}
