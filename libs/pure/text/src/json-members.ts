import { decodeUtf8 } from './encoding';
import { readJsonObject } from './json-object';
import { firstJsonToken, jsonString, visitJson } from './json-text';

export interface JsonMember {
  readonly value: unknown;
  /** The first token of the value as written: all of it for a number, string or literal. */
  readonly source: string;
}

export type JsonMembers = ReadonlyMap<string, JsonMember>;

/**
 * The members of a JSON object; undefined when the text is no JSON object or any object in it has a duplicate
 * key. `JSON.parse` alone would keep the last of two, and round the digits of a long number.
 */
export function readJsonMembers(text: string): JsonMembers | undefined {
  const object = readJsonObject(text);
  if (!object) return undefined;

  const members = new Map<string, JsonMember>();
  visitJson(text, (depth, start, end, colon) => {
    if (depth === 1) {
      // A name in the text is an own property of what was parsed, `__proto__` too.
      const name = jsonString(text, start, end);
      members.set(name, { value: object[name], source: firstJsonToken(text, colon) });
    }
    return true;
  });
  return members;
}

/** As {@link readJsonMembers}, from bytes in UTF-8. A byte order mark is no JSON. */
export function readJsonBytes(bytes: Uint8Array): JsonMembers | undefined {
  const text = decodeUtf8(bytes);
  return text === undefined ? undefined : readJsonMembers(text);
}

/**
 * A positive id in decimal digits, at most 2^53 - 1. By its source text: `1e3`, `1.0` and `9007199254740993`
 * look like other numbers once parsed.
 */
export function exactId(member: JsonMember | undefined): string | undefined {
  if (!member || !/^[1-9]\d{0,15}$/.test(member.source)) return undefined;
  return Number.isSafeInteger(member.value) ? member.source : undefined;
}
