import type { AppError, FieldError } from '@countersign/errors';
import { requestError } from '../http.errors';

const MAX_PATH_LENGTH = 200;

/** Rules besides those of class-validator (`ruleCodeOf`). */
export const fieldErrorCodes = [
  'bidirectional',
  'control_character',
  'cursor',
  'duplicate',
  'email',
  'empty',
  'exactly_one',
  'https_url',
  'malformed_unicode',
  'max_depth',
  'max_values',
  'mixed_scripts',
  'nested_validation',
  'object',
  'phone',
  'string',
  'too_long',
  'too_short',
  'unknown_field',
  'username',
] as const;

/** One failing field of an input. The path is client input, so it is truncated. */
export function fieldError(path: string, code: string, detail: string): FieldError {
  return { path: path.slice(0, MAX_PATH_LENGTH), code, detail };
}

export function invalidField(path: string, code: string, detail: string): AppError {
  return requestError('request.invalid', { fields: [fieldError(path, code, detail)] });
}

/** @param parent the path of the object that has the key; empty for the whole input. */
export function pathOf(parent: string, key: string): string {
  return parent ? `${parent}.${key}` : key;
}
