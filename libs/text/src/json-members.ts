export interface JsonMember {
  readonly value: unknown;
  /** The first token of the value as written: all of it for a number, string or literal. */
  readonly source: string;
}

export type JsonMembers = ReadonlyMap<string, JsonMember>;

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;

/**
 * The members of a JSON object, or nothing when the text is no JSON object or any object in it names a key twice.
 * `JSON.parse` alone would keep the last of two, and round the digits of a long number.
 */
export function readJsonMembers(text: string): JsonMembers | undefined {
  const values = parseObject(text);
  if (!values) return undefined;

  const members = new Map<string, JsonMember>();
  const keysByDepth: Set<string>[] = [];
  const tokens = text.match(TOKEN) ?? [];
  for (const [index, token] of tokens.entries()) {
    if (token === '{' || token === '[') keysByDepth.push(new Set());
    if (token === '}' || token === ']') keysByDepth.pop();
    if (tokens[index + 1] !== ':') continue;

    const key = String(JSON.parse(token));
    const keys = keysByDepth.at(-1);
    if (!keys || keys.has(key)) return undefined;
    keys.add(key);
    if (keysByDepth.length === 1)
      members.set(key, { value: values.get(key), source: tokens[index + 2] ?? '' });
  }
  return members;
}

function parseObject(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? new Map(Object.entries(parsed)) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A positive id in decimal digits, at most 2^53 - 1. By its source text: `1e3`, `1.0` and `9007199254740993` look like
 * other numbers once parsed.
 */
export function exactId(member: JsonMember | undefined): string | undefined {
  if (!member || !/^[1-9]\d{0,15}$/.test(member.source)) return undefined;
  return Number.isSafeInteger(member.value) ? member.source : undefined;
}
