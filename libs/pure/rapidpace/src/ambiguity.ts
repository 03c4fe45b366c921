import { canonicalString, RAPIDPACE_KEYS, type RapidpaceRecord } from './rapidpace-record';

/**
 * Whether the canonical string could also be that of another record. Nothing separates its parts, so a player
 * whose last name is `telegram_id1` could have a link signed that reads as another person's.
 *
 * The rule: every key's name occurs once in the canonical string if the key is present, and never if it is
 * absent. Then the names in a string show which keys are present and where each value begins and ends, so
 * that any two records that satisfy the rule and have the same signature have the same values.
 */
export function isAmbiguous(record: RapidpaceRecord): boolean {
  const canonical = canonicalString(record);
  return RAPIDPACE_KEYS.some((key) => {
    const first = canonical.indexOf(key);
    return record.has(key) ? first !== canonical.lastIndexOf(key) : first !== -1;
  });
}
