import { applyDecorators } from '@nestjs/common';
import { problemResponses, type OperationOf } from '@countersign/http';
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

/** For sessions of first-party applications only. Written above `@Authenticated()`. */
export function FirstPartyOnly(): MethodDecorator {
  return applyDecorators(
    CallerRule(AccountActs, (acts, caller) => acts.assertFirstParty(caller)),
    ...problemResponses(['account.first_party_only']),
  );
}

/** For sessions that a proof of the person opened, at a bot of the application itself. Written above `@Authenticated()`. */
export function ProvenOnly(): MethodDecorator {
  return applyDecorators(
    CallerRule(AccountActs, (acts, caller) => Promise.resolve(acts.assertProven(caller))),
    ...problemResponses(['auth.assurance_too_low']),
  );
}
