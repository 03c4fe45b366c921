import { accepted, refused, type Result } from '@countersign/errors';

/** Of the JSON text in UTF-8. */
export const MAX_PREFERENCES_BYTES = 4_096;
/** Objects and lists within each other, the outermost included. */
export const MAX_PREFERENCES_DEPTH = 5;

/** The JSON text of preferences. */
export function readPreferences(value: object): Result<string, 'max_depth' | 'too_long'> {
  if (depthOf(value) > MAX_PREFERENCES_DEPTH) return refused('max_depth');
  const text = JSON.stringify(value);
  return Buffer.byteLength(text) > MAX_PREFERENCES_BYTES ? refused('too_long') : accepted(text);
}

/** Bodies are nested 32 levels deep at most, which bounds the recursion. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
