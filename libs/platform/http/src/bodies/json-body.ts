import { decodeUtf8, jsonString, visitJson } from '@countersign/text';
import { invalidField, pathOf } from '../input/field-error';
import { requestError } from '../http.errors';

/** Deeper than any body of this API, and shallow enough for recursive code. */
const MAX_LEVELS = 32;

/** No bytes give undefined. Duplicate keys in an object, and more than 32 levels of brackets, are refused. */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = decodeBody(bytes);
  const value = parse(text);
  assertUnambiguous(text);
  return value;
}

/** The text of a body, with its byte order mark. */
export function decodeBody(bytes: Buffer): string {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw requestError('request.malformed_utf8');
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw requestError('request.malformed_json', { cause });
  }
}

/** `JSON.parse` uses the last of two equal keys. A proxy may have checked the first. */
function assertUnambiguous(text: string): void {
  const levels: { readonly path: string; readonly keys: Set<string> }[] = [];
  let path = '';
  const visitBracket = (isOpening: boolean): void => {
    if (!isOpening) levels.pop();
    else if (levels.push({ path, keys: new Set() }) > MAX_LEVELS)
      throw invalidField('', 'max_depth', `must not be nested deeper than ${MAX_LEVELS} levels`);
  };
  const visitName = (_depth: number, start: number, end: number): boolean => {
    const key = jsonString(text, start, end);
    const level = levels.at(-1);
    path = pathOf(level?.path ?? '', key);
    if (level?.keys.has(key)) throw invalidField(path, 'duplicate', 'must not occur twice');
    level?.keys.add(key);
    return true;
  };
  visitJson(text, visitName, visitBracket);
}
