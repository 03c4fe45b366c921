interface ProblemStatus {
  /** Of the shared response. */
  readonly name: string;
  readonly description: string;
  /** Codes with an example response. */
  readonly examples: readonly string[];
}

/** What the statuses of problems mean in this API. */
const statuses: Readonly<Record<number, ProblemStatus>> = {
  400: {
    name: 'BadRequest',
    description: 'The request is malformed; `errors` names the fields.',
    examples: ['request.invalid', 'request.unknown_field'],
  },
  401: {
    name: 'Unauthorized',
    description: 'The proof, the token or the secret is missing or refused.',
    examples: ['session.token_invalid'],
  },
  403: {
    name: 'Forbidden',
    description: 'The caller is authenticated, but may not do this.',
    examples: ['request.origin_not_allowed'],
  },
  404: {
    name: 'NotFound',
    description: 'It does not exist, or it is not the caller’s.',
    examples: ['application.not_found'],
  },
  409: {
    name: 'Conflict',
    description: 'The state of the account, the bot or the application does not allow it.',
    examples: ['bot.ambiguous'],
  },
  410: { name: 'Gone', description: 'It was used, or it has expired.', examples: ['auth.code_expired'] },
  413: { name: 'ContentTooLarge', description: 'The request is too large.', examples: ['request.too_large'] },
  415: {
    name: 'UnsupportedMediaType',
    description: 'The body has a media type that this call does not accept.',
    examples: ['request.unsupported_media_type'],
  },
  422: {
    name: 'UnprocessableContent',
    description: 'The request is well-formed, but cannot be done.',
    examples: ['idempotency.key_reused'],
  },
  429: {
    name: 'TooManyRequests',
    description: 'A limit is reached. Wait for `Retry-After`.',
    examples: ['request.rate_limited'],
  },
  500: {
    name: 'InternalServerError',
    description: 'A defect of the service. Report it with the `requestId`.',
    examples: ['service.data_unreadable', 'service.internal_error'],
  },
  503: {
    name: 'ServiceUnavailable',
    description: 'A part of the service is unavailable. Try again after `Retry-After`.',
    examples: ['service.unavailable'],
  },
};

export function describedStatus(status: number): ProblemStatus {
  const found = statuses[status];
  if (!found) throw new Error(`the status ${status} of problems has no description`);
  return found;
}
