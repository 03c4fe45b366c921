import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Sentence } from '../../scripts/lib/main.mjs';

/**
 * @typedef {object} Options
 * @property {number} seed
 * @property {boolean} isShort
 * @property {readonly string[]} scenarios names, in the order in which they run
 * @property {string | undefined} logs
 */

/** @param {readonly string[]} names of all scenarios */
function usage(names) {
  return `Usage: npm run test:nightly -- chaos [options]

  --seed <n>         whole number that repeats the choices and times of a run (drawn when absent)
  --short            few of everything, about three minutes: what CI runs
  --only <scenario>  may be repeated: ${names.join(', ')}
  --logs <folder>    write what the replicas log there`;
}

/**
 * @param {string[]} words of the command line
 * @param {readonly string[]} names of all scenarios
 * @returns {Options | string} the usage when help was asked for
 * @throws {Sentence}
 */
export function readOptions(words, names) {
  const refuse = (message) => new Sentence(`${message}\n\n${usage(names)}`);
  const { seed, short, only, logs, help } = parse(words, refuse);
  if (help) return usage(names);
  const unknown = (only ?? []).find((name) => !names.includes(name));
  if (unknown !== undefined) throw refuse(`There is no scenario "${unknown}".`);
  if (seed !== undefined && !/^\d{1,9}$/.test(seed)) throw refuse('--seed must be a whole number.');
  return {
    seed: seed === undefined ? randomInt(1_000_000) : Number(seed),
    isShort: short === true,
    scenarios: names.filter((name) => !only || only.includes(name)),
    logs,
  };
}

function parse(words, refuse) {
  const [text, flag] = [{ type: 'string' }, { type: 'boolean' }];
  const many = { ...text, multiple: true };
  const options = { seed: text, short: flag, only: many, logs: text, help: flag };
  try {
    return parseArgs({ args: words, options }).values;
  } catch (error) {
    throw refuse(error.message);
  }
}
