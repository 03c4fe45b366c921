import { firstJsonToken, jsonString, visitJson } from './json-text';
import { decodeUtf8 } from './encoding';

/** As `JSON.parse` made it: read only names that no object inherits. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Undefined for no JSON object, and where an object in it has a duplicate key: `JSON.parse` would keep the last of two. */
export function readJsonObject(text: string): JsonObject | undefined {
  const object = parseObject(text);
  return object && countNames(text) === countMembers(object) ? object : undefined;
}

/**
 * How a member's value is written: its first token, which is all of it for a number, string or literal.
 * @param text that {@link readJsonObject} accepted
 */
export function jsonSourceOf(text: string, name: string): string | undefined {
  let source: string | undefined;
  visitJson(text, (depth, start, end, colon) => {
    if (depth === 1 && jsonString(text, start, end) === name) source = firstJsonToken(text, colon);
    return source === undefined;
  });
  return source;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function countNames(text: string): number {
  let count = 0;
  visitJson(text, () => {
    count += 1;
    return true;
  });
  return count;
}

/** In all objects of the tree. Duplicate names count once, and values that they replaced are missing. */
function countMembers(root: JsonObject): number {
  let count = 0;
  const waiting: object[] = [root];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const values: unknown[] = Object.values(next);
    if (!Array.isArray(next)) count += values.length;
    for (const value of values) if (isObject(value)) waiting.push(value);
  }
  return count;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

export interface JsonMember {
  readonly value: unknown;
  /** The first token of the value as written: all of it for a number, string or literal. */
  readonly source: string;
}

export type JsonMembers = ReadonlyMap<string, JsonMember>;

/** As {@link readJsonObject}, with how each value is written: `JSON.parse` alone would round the digits of a long number. */
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
