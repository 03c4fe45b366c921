import { ValidateIf } from 'class-validator';

/**
 * For a field that may be left out. Its other rules apply to every value that is there, `null` included; class-validator's
 * `IsOptional` lets `null` past them. A lint rule keeps that one out.
 */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_input, value) => value !== undefined);
}
