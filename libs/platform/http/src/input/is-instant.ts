import { applyDecorators } from '@nestjs/common';
import { IsISO8601, Matches } from 'class-validator';

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/;

/** For an instant in UTC of a day that exists, down to milliseconds: `2026-01-31T23:59:00Z`. */
export function IsInstant(): PropertyDecorator {
  return applyDecorators(
    Matches(UTC, { message: 'must be an instant in UTC, such as 2026-01-31T23:59:00Z' }),
    IsISO8601({ strict: true }),
  );
}
