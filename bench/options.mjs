import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Sentence } from '../scripts/lib/main.mjs';

export const USAGE = `Usage: npm run bench -- [options]

  --rounds <n>       measured rounds per operation and subject (5)
  --seconds <n>      length of a round (3)
  --warm-up <n>      seconds of the same work right before each round (1)
  --connections <n>  keep-alive connections of the load generator (32)
  --only <names>     operations and subjects, separated by commas; Countersign always takes part
  --seed <n>         of the order within the rounds, as an earlier run told it
  --smoke            one very short round: shows that everybody answers rightly, its figures mean nothing
  --unpinned         leave the choice of cores to the system
  --json <file>      write the figures there as well
  --profile <folder> write a CPU profile of the service there`;

/** Of any number here: seconds of an hour. */
const MOST = 3600;

const FULL = { rounds: 5, seconds: 3, warmUp: 1, connections: 32 };
const SMOKE = { ...FULL, rounds: 1, seconds: 0.3, warmUp: 0.1 };

/**
 * @typedef {object} Options
 * @property {number} rounds
 * @property {number} seconds
 * @property {number} warmUp seconds
 * @property {number} connections
 * @property {string[]} only names; all when empty
 * @property {number} seed
 * @property {boolean} isSmoke
 * @property {boolean} isPinned
 * @property {string | undefined} json
 * @property {string | undefined} profile
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
    rounds: whole('rounds', values.rounds, defaults.rounds),
    seconds: positive('seconds', values.seconds, defaults.seconds),
    warmUp: positive('warm-up', values['warm-up'], defaults.warmUp),
    connections: whole('connections', values.connections, defaults.connections),
    only: names(values.only ?? ''),
    seed: whole('seed', values.seed, randomInt(1, MOST)),
    isSmoke: values.smoke === true,
    isPinned: values.unpinned !== true,
    json: values.json,
    profile: values.profile,
  };
}

function parse(words) {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  const options = {
    rounds: text,
    seconds: text,
    'warm-up': text,
    connections: text,
    profile: text,
    json: text,
    only: text,
    seed: text,
    smoke: flag,
    unpinned: flag,
    help: flag,
  };
  try {
    return parseArgs({ args: words, options });
  } catch (error) {
    throw new Sentence(`${error.message}\n\n${USAGE}`);
  }
}

function positive(name, text, fallback) {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!(value > 0 && value <= MOST))
    throw new Sentence(`--${name} must be a number above 0, at most ${MOST}.\n\n${USAGE}`);
  return value;
}

function names(text) {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

function whole(name, text, fallback) {
  const value = positive(name, text, fallback);
  if (!Number.isInteger(value)) throw new Sentence(`--${name} must be a whole number.\n\n${USAGE}`);
  return value;
}
