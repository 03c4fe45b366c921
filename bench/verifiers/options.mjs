import { parseArgs } from 'node:util';
import { Sentence } from '../../scripts/lib/main.mjs';

export const USAGE = `Usage: npm run bench:verifiers -- [options]

  --rounds <n>        measured rounds per subject (31)
  --milliseconds <n>  length of a subject's turn in a round (100)
  --smoke             a few very short rounds: shows that everything works, its figures mean nothing`;

const FULL = { rounds: 31, milliseconds: 100, mixtures: 2000, repetitions: 500 };
const SMOKE = { rounds: 3, milliseconds: 5, mixtures: 50, repetitions: 20 };

/**
 * @typedef {object} Options
 * @property {number} rounds
 * @property {number} milliseconds
 * @property {number} mixtures random inputs among the worst cases
 * @property {number} repetitions of each shape among the worst cases
 * @property {boolean} isSmoke
 */

/**
 * @param {string[]} words
 * @returns {Options | null} null when help was asked for
 * @throws {Sentence}
 */
export function readOptions(words) {
  const { values } = parse(words);
  if (values.help) return null;
  const defaults = values.smoke ? SMOKE : FULL;
  return {
    ...defaults,
    rounds: whole('rounds', values.rounds, defaults.rounds),
    milliseconds: whole('milliseconds', values.milliseconds, defaults.milliseconds),
    isSmoke: values.smoke === true,
  };
}

function parse(words) {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  try {
    return parseArgs({ args: words, options: { rounds: text, milliseconds: text, smoke: flag, help: flag } });
  } catch (error) {
    throw new Sentence(`${error.message}\n\n${USAGE}`);
  }
}

function whole(name, text, fallback) {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!(Number.isInteger(value) && value > 0 && value <= 10_000))
    throw new Sentence(`--${name} must be a whole number above 0, at most 10000.\n\n${USAGE}`);
  return value;
}
