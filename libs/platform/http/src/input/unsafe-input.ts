import type { FieldError } from '@countersign/text';
import { fieldError, pathOf } from './field-error';

export const UNKNOWN_FIELD = 'unknown_field';
export const KEYS = 'must not have keys with';

/** C0, DEL, C1: people do not type them, and PostgreSQL cannot store NUL. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;
/** Like `CONTROL_CHARACTER`, without line feeds and tabs. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL_IN_LINES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** Enough for a call with 1,000 items. The validation of each value costs time. */
const MAX_VALUES = 1_100;
/** A caller needs the first few errors. A list of thousands would be larger than the request. */
export const MAX_FIELDS = 20;

const largerClasses = new WeakMap<object, number>();
const classesWithLines = new WeakSet<object>();

/** For the class of a body whose texts may have several lines. */
export function TakesLines(): ClassDecorator {
  return (type) => {
    classesWithLines.add(type);
  };
}

/** For the class of a body whose items have several values each. */
export function TakesValuesUpTo(maxValues: number): ClassDecorator {
  return (type) => {
    largerClasses.set(type, maxValues);
  };
}

/**
 * Finds control characters and lone surrogates in values and keys, too many values, and names that every object
 * inherits (`__proto__`, `constructor`, ...), which class-validator and class-transformer treat as known.
 */
export function findUnsafe(root: object, type: object = Object): readonly FieldError[] {
  const maxValues = largerClasses.get(type) ?? MAX_VALUES;
  const hasLines = classesWithLines.has(type);
  const found: FieldError[] = [];
  const open: [path: string, value: unknown][] = [['', root]];
  for (const [path, value] of open) {
    if (found.length >= MAX_FIELDS) break;
    if (open.length > maxValues)
      return [fieldError('', 'max_values', `must not have more than ${maxValues} values`)];
    if (typeof value === 'string') found.push(...textErrorsOf(path, value, 'must not have', hasLines));
    else if (typeof value === 'object' && value !== null)
      for (const [key, member] of Object.entries(value)) {
        found.push(...textErrorsOf(path, key, KEYS));
        if (key in Object.prototype) found.push(fieldError(pathOf(path, key), UNKNOWN_FIELD, 'is not known'));
        else open.push([pathOf(path, key), member]);
      }
  }
  return found;
}

export function textErrorsOf(path: string, text: string, sentence: string, hasLines = false): FieldError[] {
  if ((hasLines ? CONTROL_IN_LINES : CONTROL_CHARACTER).test(text))
    return [fieldError(path, 'control_character', `${sentence} control characters`)];
  if (!text.isWellFormed()) return [fieldError(path, 'malformed_unicode', `${sentence} lone surrogates`)];
  return [];
}
