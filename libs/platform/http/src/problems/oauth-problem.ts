import type { AppError } from '@countersign/text';
import { challengeOf, toProblem, type Problem } from './problem';

/** OAuth clients read errors only in this media type. */
export const OAUTH_MEDIA_TYPE = 'application/json; charset=utf-8';

const errors: Readonly<Record<number, string>> = {
  401: 'invalid_client',
  429: 'temporarily_unavailable',
  500: 'server_error',
  503: 'temporarily_unavailable',
};

/** RFC 6749, appendix A.8. */
const NOT_IN_DESCRIPTION = /[^\x20-\x21\x23-\x5b\x5d-\x7e]/g;

/** Has the members of RFC 6749, section 5.2. An error without a standard code becomes `invalid_request`. */
export function toOAuthProblem(
  error: AppError,
  requestId: string,
): Problem & { readonly error: string; readonly error_description: string } {
  const problem = toProblem(error, requestId);
  const { status, detail } = problem;
  const challenge = challengeOf(error);
  const word = challenge?.scheme === 'DPoP' ? challenge.error : errors[status];
  return {
    error: error.definition.oauthCode ?? word ?? 'invalid_request',
    error_description: detail.replaceAll(NOT_IN_DESCRIPTION, "'"),
    ...problem,
  };
}
