import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Sentence } from '../../scripts/lib/main.mjs';

/** What can be measured, in this order. The last one ends what the others need. */
export const PARTS = ['operations', 'plans', 'memory', 'cleaning', 'soak', 'operator'];

export const USAGE = `Usage: npm run bench:growth -- [options]

  --users <n>    people to make, with three sessions each (1000000); they are compared with 10,000
  --soak <n>     minutes of everything at once (10); 0 leaves it out
  --only <parts> some of ${PARTS.join(', ')}, separated by commas
  --rounds <n>   measured rounds per operation (5)
  --seconds <n>  length of a round (1.5)
  --sample <n>   people per operation whose plans are looked at (20)
  --seed <n>     of the order, as an earlier run told it
  --smoke        few people, one short round: shows that everything works, its figures mean nothing
  --unpinned     leave the choice of cores to the system
  --json <file>  write the figures there as well`;

/** With which the others are compared. */
const FEW = 10_000;

const FULL = { users: 1_000_000, few: FEW, soak: 10, rounds: 5, seconds: 1.5, warmUp: 0.5, sample: 20 };
const SMOKE = { users: 4_000, few: 2_000, soak: 0.2, rounds: 1, seconds: 0.3, warmUp: 0.1, sample: 3 };

const CONNECTIONS = 32;

const MIN_USERS = 4_000;
const MAX_USERS = 20_000_000;
const MAX_MINUTES = 24 * 60;
const MAX_SEED = 3_600;

/**
 * @typedef {object} Options
 * @property {number} users
 * @property {number} few users that they are compared with
 * @property {number} soak minutes
 * @property {string[]} parts
 * @property {number} rounds
 * @property {number} seconds
 * @property {number} warmUp seconds
 * @property {number} connections
 * @property {number} sample
 * @property {number} seed
 * @property {boolean} isSmoke
 * @property {boolean} isPinned
 * @property {string | undefined} json
 */

/**
 * @param {string[]} words
 * @returns {Options | null} null when help was asked for
 * @throws {Sentence}
 */
export function readOptions(words) {
  const { values } = parse(words);
  if (values.help) return null;
  const usual = values.smoke ? SMOKE : FULL;
  const number = (name, least, most) => within(name, values[name], usual[name], least, most);
  const users = whole('users', number('users', MIN_USERS, MAX_USERS));
  const soak = number('soak', 0, MAX_MINUTES);
  return {
    users,
    few: Math.min(usual.few, Math.floor(users / 2)),
    soak,
    parts: partsOf(values.only).filter((part) => part !== 'soak' || soak > 0),
    rounds: whole('rounds', number('rounds', 1, 100)),
    seconds: number('seconds', 0.1, 60),
    warmUp: usual.warmUp,
    connections: CONNECTIONS,
    sample: whole('sample', number('sample', 1, 50)),
    seed: whole('seed', within('seed', values.seed, randomInt(1, MAX_SEED), 1, MAX_SEED)),
    isSmoke: values.smoke === true,
    isPinned: values.unpinned !== true,
    json: values.json,
  };
}

function parse(words) {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  const options = {
    users: text,
    soak: text,
    only: text,
    rounds: text,
    seconds: text,
    sample: text,
    seed: text,
    json: text,
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

function partsOf(text) {
  if (text === undefined) return PARTS;
  const wanted = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const unknown = wanted.find((part) => !PARTS.includes(part));
  if (unknown !== undefined || wanted.length === 0)
    throw new Sentence(`--only knows no "${unknown ?? ''}".\n\n${USAGE}`);
  return PARTS.filter((part) => wanted.includes(part));
}

function within(name, text, usual, least, most) {
  const value = text === undefined ? usual : Number(text);
  if (!(value >= least && value <= most))
    throw new Sentence(`--${name} must be a number from ${least} to ${most}.\n\n${USAGE}`);
  return value;
}

function whole(name, value) {
  if (!Number.isInteger(value)) throw new Sentence(`--${name} must be a whole number.\n\n${USAGE}`);
  return value;
}
