import type { Command } from 'commander';
import type { Call } from './command';
import { UsageError } from './usage';

const MAX_LIMIT = 10_000;

/** Adds the option of commands that list. */
export function withLimit(command: Command): Command {
  return command.option('--limit <count>', `how many at most, 1 to ${MAX_LIMIT}`, '100');
}

/** @throws UsageError */
export function limitOf(call: Call): number {
  const text = call.required('limit');
  const limit = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT)
    throw new UsageError(`--limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  return limit;
}
