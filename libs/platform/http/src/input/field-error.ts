import type { AppError, FieldError } from '@countersign/text';
import { requestError } from '../http.errors';

const MAX_PATH_LENGTH = 200;

/** The codes of field errors. `ruleCodeOf` derives the codes of class-validator's rules. */
export const fieldErrorCodes = [
  'array',
  'array_max_size',
  'array_min_size',
  'array_unique',
  'bidirectional',
  'boolean',
  'control_character',
  'cursor',
  'duplicate',
  'email',
  'empty',
  'exactly_one',
  'https_url',
  'in',
  'int',
  'iso8601',
  'malformed_unicode',
  'matches',
  'max',
  'max_depth',
  'max_length',
  'max_values',
  'min',
  'mixed_scripts',
  'nested_validation',
  'object',
  'phone',
  'string',
  'too_long',
  'too_short',
  'unknown_field',
  'username',
  'uuid',
] as const;

/** The path is client input, so it is truncated. */
export function fieldError(path: string, code: string, detail: string): FieldError {
  return { path: path.slice(0, MAX_PATH_LENGTH), code, detail };
}

export function invalidField(path: string, code: string, detail: string): AppError {
  return requestError('request.invalid', { fields: [fieldError(path, code, detail)] });
}

/** @param parent the path of the object that has the key; empty for the whole input */
export function pathOf(parent: string, key: string): string {
  return parent ? `${parent}.${key}` : key;
}
