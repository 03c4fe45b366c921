import { parseArgs } from 'node:util';
import { Sentence } from '../../scripts/lib/main.mjs';

export const USAGE = `Usage: npm run bench:growth -- [options]

  --users <n>    people to make, with three sessions each (1000000)
  --sample <n>   people per operation whose plans are looked at (20)`;

const LEAST_USERS = 2_000;
const MOST_USERS = 20_000_000;

/**
 * @typedef {object} Options
 * @property {number} users
 * @property {number} sample
 */

/**
 * @param {string[]} words
 * @returns {Options | null} null when help was asked for
 * @throws {Sentence}
 */
export function readOptions(words) {
  const { values } = parse(words);
  if (values.help) return null;
  return {
    users: whole('users', values.users ?? '1000000', LEAST_USERS, MOST_USERS),
    sample: whole('sample', values.sample ?? '20', 1, 50),
  };
}

function parse(words) {
  const text = { type: 'string' };
  try {
    return parseArgs({ args: words, options: { users: text, sample: text, help: { type: 'boolean' } } });
  } catch (error) {
    throw new Sentence(`${error.message}\n\n${USAGE}`);
  }
}

function whole(name, text, least, most) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Sentence(`--${name} must be a whole number from ${least} to ${most}.\n\n${USAGE}`);
  return value;
}
