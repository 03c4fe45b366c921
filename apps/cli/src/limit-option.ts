import { Option } from 'commander';
import type { Call } from './command';
import { UsageError } from './usage';

const MAX_LIMIT = 10_000;
const DEFAULT_LIMIT = 100;

/** The most items that a list prints. */
export function limitOption(): Option {
  return new Option('--limit <count>', `how many at most, 1 to ${MAX_LIMIT}`).default(String(DEFAULT_LIMIT));
}

/** @throws UsageError */
export function limitOf(call: Call): number {
  const text = call.required('limit');
  const limit = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT)
    throw new UsageError(`--limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  return limit;
}
