import { accepted, formDecoded, isLongerThan, refused, type Result } from '@countersign/text';
import {
  HMAC_NAME,
  isKey,
  MAX_RAPIDPACE_BYTES,
  RAPIDPACE_KEYS,
  type RapidpaceRecord,
} from './rapidpace-record';
import type { RapidpaceRefusal } from './rapidpace-refusals';

interface RedirectQuery {
  readonly record: RapidpaceRecord;
  readonly hmac: string | undefined;
}

type Field = readonly [name: string, value: string];

/** A field begins with a known name, alone or with `=`. Any other `&` belongs to a value. */
const FIELD_BORDER = new RegExp(
  `&(?=[A-Za-z][A-Za-z0-9_-]*=|(?:${[...RAPIDPACE_KEYS, HMAC_NAME].join('|')})(?:&|$))`,
);

/**
 * Reads the raw query of a login link, without `?`. Proves no origin. Rapidpace's documents percent-encode the whole
 * query, with `=` and `&`; ordinary clients encode each value. Both forms are read, the second one also with an
 * unencoded `+` in the HMAC.
 */
export function parseRedirectQuery(rawQuery: string): Result<RedirectQuery, RapidpaceRefusal> {
  if (isLongerThan(MAX_RAPIDPACE_BYTES, rawQuery)) return refused('rapidpace.too_long');
  if (!/^[\x21-\x7e]+$/.test(rawQuery)) return refused('rapidpace.malformed');

  const fields = fieldsOf(rawQuery);
  if (!fields) return refused('rapidpace.malformed');

  const record = new Map<string, string>();
  let hmac: string | undefined;
  for (const [name, value] of fields) {
    if (name === HMAC_NAME) {
      if (hmac !== undefined) return refused('rapidpace.duplicate_key');
      hmac = value;
    } else {
      if (!isKey(name)) return refused('rapidpace.key_invalid');
      if (record.has(name)) return refused('rapidpace.duplicate_key');
      record.set(name, value);
    }
  }
  return accepted({ record, hmac });
}

/** A tracker may append its own parameters to a query that is encoded as a whole. */
function fieldsOf(rawQuery: string): readonly Field[] | undefined {
  const [whole, ...added] = rawQuery.split('&');
  if (whole === undefined || whole.includes('=') || !/%3d/i.test(whole)) return fieldsOfForm(rawQuery);
  const signed = fieldsOfWhole(whole);
  const others = added.length > 0 ? fieldsOfForm(added.join('&')) : [];
  return signed && others && [...signed, ...others];
}

/** A `+` is literal here. */
function fieldsOfWhole(rawQuery: string): readonly Field[] | undefined {
  return formDecoded(rawQuery.replaceAll('+', '%2B'))?.split(FIELD_BORDER).map(splitField);
}

function fieldsOfForm(rawQuery: string): readonly Field[] | undefined {
  const fields: Field[] = [];
  for (const pair of rawQuery.split('&')) {
    const [rawName, rawValue] = splitField(pair);
    const name = formDecoded(rawName);
    const value = formDecoded(rawValue);
    if (!name || value === undefined) return undefined;
    // base64 has no spaces, so this was an unencoded `+`.
    fields.push([name, name === HMAC_NAME ? value.replaceAll(' ', '+') : value]);
  }
  return fields;
}

/** Splits at the first `=`: values may contain more. A name alone has an empty value. */
function splitField(pair: string): Field {
  const separator = pair.indexOf('=');
  return separator === -1 ? [pair, ''] : [pair.slice(0, separator), pair.slice(separator + 1)];
}
