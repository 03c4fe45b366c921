import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { problemResponses, type OperationOf, AddRouteConfig } from '@countersign/http';
import { CallerRule, InSession } from '@countersign/sessions';
import { AccountActs } from './account-acts.service';

/** `@InSession()` for account-wide routes, with documentation of its errors. */
export function AccountPlane(...operation: OperationOf): MethodDecorator {
  return applyDecorators(
    InSession(...operation),
    CallerRule(AccountActs, (acts, caller) => acts.assertAtLevel(caller)),
    ...problemResponses(['account.first_party_only', 'auth.assurance_too_low']),
  );
}

/** Allows only sessions of first-party applications. Stands above `@Authenticated()`. */
export function FirstPartyOnly(): MethodDecorator {
  return applyDecorators(
    CallerRule(AccountActs, (acts, caller) => acts.assertFirstParty(caller)),
    ...problemResponses(['account.first_party_only']),
  );
}

/** Allows only a session from a proof at the application's own bot. Stands above `@Authenticated()`. */
export function ProvenOnly(): MethodDecorator {
  return applyDecorators(
    CallerRule(AccountActs, (acts, caller) => Promise.resolve(acts.assertProven(caller))),
    ...problemResponses(['auth.assurance_too_low']),
  );
}

/** Marks the call of an act that may bring a grant. Without it, `AccountActs.lock` fails. */
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
