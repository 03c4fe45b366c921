import { Option } from 'commander';
import { ifGiven, wholeNumber, type Call } from './command';

const MAX_LIMIT = 10_000;
const DEFAULT_LIMIT = 100;

/** For a command that lists. */
export function limitOption(): Option {
  return new Option('--limit <count>', `how many at most, 1 to ${MAX_LIMIT} (default: ${DEFAULT_LIMIT})`);
}

/** How many items of a list are wanted. @throws UsageError */
export function limitOf(call: Call): number {
  return ifGiven(call, 'limit', (name, text) => wholeNumber(name, text, 1, MAX_LIMIT)) ?? DEFAULT_LIMIT;
}
