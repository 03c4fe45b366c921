import { fieldError, pathOf } from './field-error';
import { requestError } from './http.errors';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Deeper than any body of this API, and shallow enough for whatever walks a body by recursion. */
const MOST_LEVELS = 32;

/**
 * Parses a JSON body from its bytes.
 * @returns undefined for no bytes.
 * @throws AppError request.malformed_utf8, request.malformed_json, or request.invalid for a key that occurs twice in
 * one object and for brackets nested deeper than 32 levels.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = decodeBody(bytes);
  const value = parse(text);
  assertUnambiguous(text);
  return value;
}

/**
 * The text of a body, its byte order mark included.
 * @throws AppError request.malformed_utf8
 */
export function decodeBody(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw requestError('request.malformed_utf8', { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw requestError('request.malformed_json', { cause });
  }
}

interface Level {
  readonly path: string;
  readonly keys: Set<string>;
}

/** A string, with the colon that makes it a key, or a bracket. */
const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;

/** `JSON.parse` keeps the last of two equal keys, and a proxy in front may have looked at the first. */
function assertUnambiguous(text: string): void {
  const levels: Level[] = [];
  let path = '';
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      if (levels.length === MOST_LEVELS)
        throw refused('', 'max_depth', `must not be nested deeper than ${MOST_LEVELS} levels`);
      levels.push({ path, keys: new Set() });
    } else if (token === '}' || token === ']') levels.pop();
    else if (colon !== undefined) {
      const key = String(JSON.parse(token.slice(0, -colon.length)));
      const level = levels.at(-1);
      path = pathOf(level?.path ?? '', key);
      if (level?.keys.has(key)) throw refused(path, 'duplicate', 'must not occur twice');
      level?.keys.add(key);
    }
  }
}

function refused(path: string, code: string, detail: string): Error {
  return requestError('request.invalid', { fields: [fieldError(path, code, detail)] });
}
