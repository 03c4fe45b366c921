const messages = {
  missing: 'There is no identity token',
  malformed: 'The identity token is not one signed token in one spelling',
  wrong_type: 'The token is not an identity token',
  algorithm_refused:
    'The identity token is signed by an algorithm that is not allowed, or not the one of its key',
  unknown_key: 'The identity token names a key that the issuer does not publish',
  signature_invalid: 'The signature of the identity token is not that of its key',
  claims_invalid: 'The identity token lacks a claim, or one has a form that it cannot have',
  wrong_issuer: 'The identity token is of another issuer',
  wrong_audience: 'The identity token is for another audience',
  expired: 'The identity token has expired',
  not_yet_valid: 'The identity token is from the future: compare the clocks',
  too_long_lived: 'The identity token lives longer than identity tokens may',
  assurance_too_low: 'The proof behind the identity token is too easy to forge for this',
  keys_unavailable: 'The keys of the issuer cannot be had',
} as const;

/** The rule that a token breaks. Answer 503 for `keys_unavailable`, 403 for `assurance_too_low`, and 401 otherwise. */
export type IdentityTokenErrorCode = keyof typeof messages;

/** A token is refused. The message never quotes the token. */
export class IdentityTokenError extends Error {
  override readonly name = 'IdentityTokenError';

  /** @param options for `keys_unavailable`, its `cause` is the last error of the fetch */
  constructor(
    readonly code: IdentityTokenErrorCode,
    options?: ErrorOptions,
  ) {
    super(messages[code], options);
  }
}
