import { ValidateIf } from 'class-validator';

/** For a field of a merge patch, which `null` removes. Its other rules apply to every other value. */
export function MayBeRemoved(): PropertyDecorator {
  return ValidateIf((_input, value) => value !== undefined && value !== null);
}

/** For a field that may be `null`. Its other rules apply to every other value. */
export function MayBeNull(): PropertyDecorator {
  return ValidateIf((_input, value) => value !== null);
}

/**
 * For an optional field. Its other rules apply to every value, `null` included; class-validator's
 * `IsOptional` accepts `null`, so a lint rule forbids it.
 */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_input, value) => value !== undefined);
}
