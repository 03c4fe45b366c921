import { firstJsonToken, jsonString, visitJson } from './json-text';

/** As `JSON.parse` made it: read only names that no object inherits. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A JSON object; undefined when the text is no JSON object or any object in it has a duplicate key.
 * `JSON.parse` alone would keep the last of two.
 */
export function readJsonObject(text: string): JsonObject | undefined {
  const object = parseObject(text);
  return object && countNames(text) === countMembers(object) ? object : undefined;
}

/**
 * How a member's value is written: its first token, which is all of it for a number, string or literal.
 * `JSON.parse` alone would round the digits of a long number.
 *
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
