import { ValidateIf } from 'class-validator';

/**
 * For an optional field. Its other rules apply to every value, `null` included; class-validator's
 * `IsOptional` accepts `null`, so a lint rule forbids it.
 */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_input, value) => value !== undefined);
}
