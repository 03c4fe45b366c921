const SESSION = 'The session of the person has ended. Sign the person in again.';
const CLIENT_ID =
  'No client has this `client_id`. Send the `clientId` that was shown when the client was created.';
const BEGIN_AGAIN =
  'This sign-in is over, or it began in another browser. Go back to the product and sign in again.';
const FORM = 'This form is too old, or cookies are blocked. Open the page again.';
const HINT =
  'Send an ID token that this service issued to this client at most 30 days ago, or leave `id_token_hint` out.';
const CHALLENGE =
  'Send `code_challenge` and `code_challenge_method=S256` (PKCE, RFC 7636). Other methods are not supported.';
const BOUND = 'This grant is bound to a key. Send a DPoP proof of the same key with the request.';

/** By grant type. Unknown, foreign, used and expired codes have one text, so that callers cannot tell them apart. */
const BY_GRANT: Readonly<Record<string, string>> = {
  authorization_code:
    'The authorization code is unknown, was used, has expired (60 seconds), or belongs to another client. Redeem each code once, as the client that began the sign-in.',
  refresh_token:
    'The refresh token is unknown, was used, or its session has ended. Each refresh token works once: store the new one of each answer. Otherwise sign the person in again.',
  'urn:ietf:params:oauth:grant-type:device_code':
    'The device code is unknown, was used, or has expired (ten minutes). Ask the device authorization endpoint for a new one.',
};
const OF_GRANT = /not found$|expired$|consumed$|already used$|^client mismatch$|at the same time$/;

/** By the library's description, or by its detail, which callers do not see. */
const BY_DETAIL: Readonly<Record<string, string>> = {
  'no client authentication mechanism provided':
    'Send the `client_id`, and the secret of the client unless it is a public one: with HTTP Basic, or both in the body.',
  'client authentication must only be provided using one mechanism':
    'Send the secret of the client once: with HTTP Basic or in the body, not in both.',
  'client not found': CLIENT_ID,
  'authorization code redirect_uri mismatch':
    'Send the same `redirect_uri` as in the authorization request of this code.',
  'code_verifier must be provided':
    'Send the `code_verifier` of which the authorization request had the `code_challenge`.',
  'code_verifier does not match code_challenge':
    'The `code_verifier` is not the one of the authorization request. Store it in the browser session that began the sign-in.',
  'unsupported code_challenge_method':
    'The authorization request of this code had no `code_challenge`, so no `code_verifier` may be sent.',
  'grant not found': SESSION,
  'grant is expired': SESSION,
  'accountId mismatch': SESSION,
  'missing DPoP proof JWT': BOUND,
  'DPoP proof JWT not provided': BOUND,
  'failed jkt verification': BOUND,
  'DPoP proof key thumbprint does not match dpop_jkt': BOUND,
  'DPoP proof JWT Replay detected': 'Each DPoP proof works once. Make a new one for each request.',
  'DPoP proof htu mismatch':
    'The `htu` of the DPoP proof must be the public URL of this endpoint, without a query.',
  'DPoP proof htm mismatch': 'The `htm` of the DPoP proof must be the method of this request.',
  'DPoP proof iat is not recent enough':
    'The `iat` of the DPoP proof must be within five minutes of the present time.',
  'invalid DPoP key binding':
    'The `DPoP` header must be a JWT of the type `dpop+jwt` that is signed with the key in its `jwk` header.',
  'Authorization Server policy requires PKCE to be used for this request': CHALLENGE,
  'code_challenge_method must be provided': CHALLENGE,
  'not supported value of code_challenge_method': CHALLENGE,
  'code_challenge must be provided with code_challenge_method': CHALLENGE,
  'openid scope must be requested for clients with require_auth_time': 'Add `openid` to the `scope`.',
  'requested grant type is not allowed for this client':
    'A client with a redirect address uses the grant types `authorization_code` and `refresh_token`. A client without one uses the device grant.',
  'urn:ietf:params:oauth:grant-type:device_code is not allowed for this client':
    'This client has redirect addresses, so it signs in by `authorization_code`. For the device grant, create a client without one.',
  'requested response_type is not allowed for this client':
    'This client has no redirect address, so it signs in by the device grant. Ask the operator to add a redirect address.',
  'unsupported prompt value requested':
    'Send `prompt` with `none` alone, or with one or more of `login`, `consent`, `select_account` and `create`.',
  'could not decode id_token_hint': HINT,
  'could not validate id_token_hint': HINT,
  'unrecognized id_token_hint audience': HINT,
  'client_id does not match the provided id_token_hint': HINT,
  'post_logout_redirect_uri not registered':
    'The client has no such `post_logout_redirect_uri`. Send one of its addresses exactly as it is registered, or ask the operator to add this one.',
  'authorization request has expired': BEGIN_AGAIN,
  'interaction session not found': BEGIN_AGAIN,
  'authorization session and cookie identifier mismatch': BEGIN_AGAIN,
  'interaction session and authentication session mismatch': BEGIN_AGAIN,
  'could not find logout details': FORM,
  'could not find device form details': FORM,
  'xsrf token invalid': FORM,
};

const BY_CODE: Readonly<Record<string, string>> = {
  invalid_client:
    'The `client_id` or the secret is wrong, or a secret was sent for a public client. Send the present secret with HTTP Basic or in the body. The operator can replace a lost secret.',
  invalid_redirect_uri:
    'The client has no such `redirect_uri`. Send one of its addresses exactly as it is registered, or ask the operator to add this one. Scheme, host, port, path and a final slash are compared.',
  invalid_token:
    'The access token is unknown, has expired (ten minutes), or its session has ended. Use the refresh token, or sign the person in again. A token that is bound to a key needs `Authorization: DPoP` and a proof.',
  invalid_grant: 'The code or token is not valid for this request. Sign the person in again.',
  request_not_supported:
    'Request objects are not supported. Send the parameters themselves, or push them to the pushed authorization request endpoint.',
  request_uri_not_supported:
    'Only a `request_uri` from the pushed authorization request endpoint is supported.',
  invalid_request_uri:
    'The `request_uri` is unknown, was used, or has expired (60 seconds). Push the request again.',
  registration_not_supported: 'The operator creates the clients. Leave `registration` out.',
  unsupported_response_type: 'Send `response_type=code`. The implicit and the hybrid flow are not supported.',
  unsupported_response_mode: 'Send `response_mode` with `query`, `fragment` or `form_post`, or leave it out.',
  unsupported_grant_type:
    'Send `grant_type` with `authorization_code`, `refresh_token` or `urn:ietf:params:oauth:grant-type:device_code`.',
  unsupported_token_type: 'This endpoint takes access and refresh tokens, not ID tokens.',
  login_required: 'The person has to sign in. Repeat the request without `prompt=none`.',
};

/** An error of the library. `error_detail` may be the message of an inner error. */
export interface LibraryError extends Error {
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
  readonly error_detail?: string | undefined;
  readonly scope?: string | undefined;
}

const NOT_AUTHENTICATED = 'client authentication failed';

/**
 * Says what the client's developer has to change, in the characters of RFC 6749 appendix A.8. An unknown client and a
 * wrong secret have the same text, and so do all invalid access tokens.
 */
export function describeRefusal(refusal: LibraryError, grantType = ''): string {
  const { error = '', error_description: own = '', error_detail: detail = own, scope } = refusal;
  if (error === 'invalid_scope' && scope !== undefined)
    return `The client may not ask for the scope \`${scope}\`. Leave it out, or ask the operator to add it to the client.`;
  if (own.startsWith('origin '))
    return 'Pages of this origin may not use the client. A page needs a public client with a redirect address of its origin.';
  const byCode = BY_CODE[error] ?? own;
  if (error === 'invalid_token' || own === NOT_AUTHENTICATED) return byCode;
  const byGrant = error === 'invalid_grant' && OF_GRANT.test(detail) ? BY_GRANT[grantType] : undefined;
  return BY_DETAIL[detail] ?? byGrant ?? BY_DETAIL[own] ?? byCode;
}
