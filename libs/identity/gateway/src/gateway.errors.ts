import { defineErrors, refusals } from '@countersign/text';
import { sessionErrorCodes } from '@countersign/sessions';

/** RFC 6750 section 3.1. */
const INSUFFICIENT_SCOPE = { scheme: 'Bearer', error: 'insufficient_scope' } as const;

const gatewayRefusals = {
  ...refusals(
    { kind: 'forbidden', challenge: INSUFFICIENT_SCOPE },
    {
      'gateway.scope_not_granted':
        'The session lacks a scope that this needs. Sign in again after an operator has added it to the `scopes` of the application.',
      'gateway.audience_not_granted':
        'The session is for another application than what stands behind this gateway. Sign in to that application, or let an operator add the name to the `audiences` of this one.',
    },
  ),
  ...refusals(
    { kind: 'forbidden', challenge: { scheme: 'Bearer' } },
    {
      'gateway.assurance_too_low':
        'The proof that opened the session is too easy to forge for this. Sign in with what the platform itself signed, such as init data with the Ed25519 `signature`.',
    },
  ),
  ...refusals('unauthenticated', {
    'gateway.header_repeated':
      'The request repeats its credentials, or a header that the gateway sets. Send one `Authorization`, and at most one `DPoP` and `X-Countersign-Application`; let the gateway set `X-Forwarded-*`, not add to it.',
  }),
  ...refusals('malformed', {
    'gateway.subprotocol_missing':
      'The WebSocket offers no subprotocol besides its credentials. Offer one that the service selects, such as `orders.v1`, before those of `webSocketProtocols()`.',
    'gateway.question_invalid':
      'The query of the gateway is not valid. Ask for `scope` (words separated by spaces), at most one `audience` and one `assurance` (`vendor`, `bot-token`, `platform`), none empty.',
  }),
};

export const gatewayError = defineErrors(gatewayRefusals);

/** These codes belong to calls to the service itself. */
const OF_CALLS: ReadonlySet<string> = new Set(['request.origin_not_allowed', 'request.rate_limited']);

/** The check ignores origins, because a preflight is for the services behind the gateway. */
export const gatewayErrorCodes: readonly string[] = [
  ...Object.keys(gatewayRefusals),
  ...sessionErrorCodes.filter((code) => !OF_CALLS.has(code)),
  'request.malformed',
  'request.too_large',
  'service.data_unreadable',
  'service.internal_error',
];
