import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { problemResponses } from '@countersign/http';

/** Documents that the call of an act may bring a grant. `AccountActs.lock` uses it up. */
export function AcceptsGrant(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'X-Step-Up-Grant',
      required: false,
      description:
        'The grant of the sign-in that carried a code for this act. Good for one call of the session.',
      schema: { type: 'string', maxLength: 256, example: 'cs_sg_...' },
    }),
    ...problemResponses(['account.grant_invalid']),
  );
}
