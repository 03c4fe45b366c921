import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Sentence } from '../scripts/lib/main.mjs';
import { folderOnDisk } from './machine/disk.mjs';
import { Ending } from './machine/ending.mjs';
import { built } from './product/built.mjs';

const SMOKE = { isFlag: true, meaning: 'the smallest form: everything works, the figures mean nothing' };

/**
 * An option is a whole number unless `isFraction`, a `text` (what is to be given, for the usage) or a flag.
 *
 * @typedef {{ meaning: string, usual?: number, smoke?: number, least?: number, most?: number, isFraction?: boolean,
 *   text?: string, isFlag?: boolean }} Option
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

/** @returns by name in camel case; null when help was asked for */
export function readOptions(command, options, words) {
  const all = { ...options, smoke: SMOKE };
  const usage = usageOf(command, all);
  const fail = (message) => {
    throw new Sentence(`${message}\n\n${usage}`);
  };
  const types = Object.entries({ ...all, help: SMOKE }).map(([name, { isFlag }]) => [
    name,
    { type: isFlag ? 'boolean' : 'string' },
  ]);
  let values;
  try {
    ({ values } = parseArgs({ args: words, options: Object.fromEntries(types) }));
  } catch (error) {
    fail(error.message);
  }
  if (values.help) return (print(usage), null);
  const read = ([name, { usual, smoke, least = 1, most = Infinity, isFraction, text, isFlag }]) => {
    if (isFlag) return values[name] === true;
    if (text) return values[name];
    const value = Number(values[name] ?? (values.smoke ? (smoke ?? usual) : usual));
    if (!(value >= least && value <= most && (isFraction || Number.isInteger(value))))
      fail(`--${name} must be a ${isFraction ? '' : 'whole '}number from ${least} to ${most}.`);
    return value;
  };
  const camel = (name) => name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(all).map((entry) => [camel(entry[0]), read(entry)]));
}

function usageOf(command, options) {
  const lines = Object.entries(options).map(([name, { meaning, usual, text, isFlag }]) => {
    const given = `--${name}${isFlag ? '' : ` ${text ?? '<n>'}`}`;
    return `  ${given.padEnd(20)} ${meaning}${usual === undefined ? '' : ` (${usual})`}`;
  });
  return [`Usage: npm run ${command}${command.includes(' ') ? '' : ' --'} [options]`, '', ...lines].join(
    '\n',
  );
}

export function print(text) {
  process.stdout.write(`${text}\n\n`);
}

/** Prints what does not hold. @param {string[]} faults @returns {number} the exit code */
export function conclude(faults) {
  print(faults.map((fault) => `- ${fault}`).join('\n') || 'Nothing went wrong.');
  return faults.length === 0 ? 0 : 1;
}
