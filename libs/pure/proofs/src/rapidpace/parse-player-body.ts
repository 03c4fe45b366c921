import {
  accepted,
  isLongerThan,
  type JsonMember,
  readJsonMembers,
  refused,
  type Result,
} from '@countersign/text';
import { isKey, isRapidpaceKey, MAX_RAPIDPACE_BYTES, type RapidpaceRecord } from './rapidpace-record';
import type { RapidpaceRefusal } from './rapidpace-refusals';

const MAY_BE_NUMBERS: readonly string[] = ['auth_date', 'telegram_id'];

/** Reads the raw JSON: parsing would lose duplicate keys and digits of long numbers. Proves no origin. */
export function parsePlayerBody(text: string): Result<RapidpaceRecord, RapidpaceRefusal> {
  if (isLongerThan(MAX_RAPIDPACE_BYTES, text)) return refused('rapidpace.too_long');
  const members = readJsonMembers(text);
  if (!members) return refused(isJsonObject(text) ? 'rapidpace.duplicate_key' : 'rapidpace.malformed');

  const record = new Map<string, string | null>();
  for (const [key, member] of members) {
    if (!isKey(key)) return refused('rapidpace.key_invalid');
    const value = readValue(key, member);
    if (value === undefined) return refused('rapidpace.value_type_invalid');
    record.set(key, value);
  }
  return accepted(record);
}

/** Uses the source text of a number: Rapidpace does not sign `1e3` or `1.0`, and the format of the key refuses them. */
function readValue(key: string, { value, source }: JsonMember): string | null | undefined {
  if (value === null || typeof value === 'string') return value;
  const isNumber = typeof value === 'number';
  if (MAY_BE_NUMBERS.includes(key)) return isNumber ? source : undefined;
  return !isRapidpaceKey(key) && (isNumber || typeof value === 'boolean') ? source : undefined;
}

function isJsonObject(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}
