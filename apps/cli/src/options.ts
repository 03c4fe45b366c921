import type { Environment, Provider } from '@countersign/applications';
import { DEFAULT_LIMIT, MAX_LIMIT } from './call';
import { needed, type Takes } from './declaration';

/** All words of a closed set. The libs are not loaded for their lists: help would take seconds. */
function wordsOf<T extends string>(words: Readonly<Record<T, true>>): readonly T[] {
  return Object.keys(words) as T[];
}

export const providers = wordsOf<Provider>({ telegram: true, openweb3: true });
export const environments = wordsOf<Environment>({ production: true, test: true });

export const limit: Takes = {
  '--limit <count>': `how many at most, 1 to ${MAX_LIMIT} (default: ${DEFAULT_LIMIT})`,
};

export const reason: Takes = {
  '--reason <reason>': needed('a word or the number of a request, for the audit trail'),
};
