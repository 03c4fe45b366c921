import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { AddRouteConfig, problemResponses } from '@countersign/http';

/** For the call of an act, which may bring a grant: without this, `AccountActs.lock` fails, which uses it up. */
export function AcceptsGrant(): MethodDecorator {
  return applyDecorators(
    AddRouteConfig({ acceptsGrant: true }),
    ApiHeader({
      name: 'X-Step-Up-Grant',
      required: false,
      description:
        'The grant of the sign-in that carried a code for this act. Good for one call of the session.',
      schema: { type: 'string', maxLength: 256, example: 'cs_sg_...' },
    }),
    ...problemResponses(['account.grant_invalid', 'account.step_up_required', 'session.required']),
  );
}
