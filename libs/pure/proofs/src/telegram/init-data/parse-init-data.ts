import {
  accepted,
  formDecoded,
  hasControlCharacter,
  hasLoneSurrogate,
  isLongerThan,
  refused,
  type Result,
} from '@countersign/text';
import type { InitDataRefusal } from './init-data-refusals';

/** The decoded fields, each name once. All later checks use this map, never the raw text. */
export type InitDataFields = ReadonlyMap<string, string>;

/** In bytes of UTF-8, before decoding. */
export const MAX_INIT_DATA_BYTES = 8192;

const FIELD_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** Reads `Telegram.WebApp.initData` (form encoding, `+` is a space). Ambiguous input is refused. Proves no origin. */
export function parseInitData(raw: string): Result<InitDataFields, InitDataRefusal> {
  if (raw === '') return refused('init_data.empty');
  if (isLongerThan(MAX_INIT_DATA_BYTES, raw)) return refused('init_data.too_long');
  if (/^[?#]/.test(raw) || hasLoneSurrogate(raw)) return refused('init_data.malformed');

  const fields = new Map<string, string>();
  for (let start = 0; start <= raw.length;) {
    const end = endOfPair(raw, start);
    const separator = raw.indexOf('=', start);
    if (separator === -1 || separator > end) return refused('init_data.malformed');

    const name = formDecoded(raw.slice(start, separator));
    const value = formDecoded(raw.slice(separator + 1, end));
    if (name === undefined || value === undefined) return refused('init_data.malformed');
    if (!FIELD_NAME.test(name)) return refused('init_data.invalid_field_name');
    if (hasControlCharacter(value)) return refused('init_data.control_character');
    if (fields.has(name)) return refused('init_data.duplicate_field');
    fields.set(name, value);
    start = end + 1;
  }
  return accepted(fields);
}

function endOfPair(raw: string, start: number): number {
  const ampersand = raw.indexOf('&', start);
  return ampersand === -1 ? raw.length : ampersand;
}
