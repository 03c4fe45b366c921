import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';

/** The reason of an operator's act, for the audit trail. Free text could hold what must not be there. */
export function IsReason(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      description:
        'A word or the number of a request, for the audit trail: letters, digits and `.`, `_`, `-`, `#`, `/`.',
      pattern: '^[\\w.#/-]{1,64}$',
      example: 'ticket-4711',
    }),
    IsString(),
    Matches(/^[\w.#/-]{1,64}$/, {
      message: 'must be a word or the number of a request: 1 to 64 letters, digits and . _ - # /',
    }),
  );
}
