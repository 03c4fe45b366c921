import { firstJsonToken, jsonString, visitJson } from './json-text';
import { decodeUtf8 } from './encoding';

/** Read only names that no object inherits. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Undefined for no object, and for a duplicate key in any object: `JSON.parse` would keep the last of two. */
export function readJsonObject(text: string): JsonObject | undefined {
  const object = parseObject(text);
  return object && countNames(text) === countMembers(object) ? object : undefined;
}

/** The value's first token: all of a number, string or literal. @param text accepted by {@link readJsonObject} */
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

/** Duplicate names count once, and the values that they replaced are missing. */
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

/** Like {@link readJsonObject}, with the source of each value: `JSON.parse` rounds long numbers. */
export function readJsonMembers(text: string): JsonMembers | undefined {
  const object = readJsonObject(text);
  if (!object) return undefined;

  const members = new Map<string, JsonMember>();
  visitJson(text, (depth, start, end, colon) => {
    if (depth === 1) {
      // A name in the text is an own property of the parsed object, also `__proto__`.
      const name = jsonString(text, start, end);
      members.set(name, { value: object[name], source: firstJsonToken(text, colon) });
    }
    return true;
  });
  return members;
}

/** Like {@link readJsonMembers}, from UTF-8. A byte order mark is no JSON. */
export function readJsonBytes(bytes: Uint8Array): JsonMembers | undefined {
  const text = decodeUtf8(bytes);
  return text === undefined ? undefined : readJsonMembers(text);
}

/** A positive id, at most 2^53 - 1, by its source text: `1e3`, `1.0` and `9007199254740993` are refused. */
export function exactId(member: JsonMember | undefined): string | undefined {
  if (!member || !/^[1-9]\d{0,15}$/.test(member.source)) return undefined;
  return Number.isSafeInteger(member.value) ? member.source : undefined;
}
