import { defineErrors, type ErrorDefinition } from '@countersign/text';
import { sessionErrorCodes } from '@countersign/sessions';

/** RFC 6750 section 3.1. */
const INSUFFICIENT_SCOPE = { scheme: 'Bearer', error: 'insufficient_scope' } as const;

const refusals = {
  'gateway.scope_not_granted': {
    kind: 'forbidden',
    challenge: INSUFFICIENT_SCOPE,
    title: 'The session lacks a scope that this needs',
    remedy: 'Sign in again after an operator has added it to the `scopes` of the application.',
  },
  'gateway.assurance_too_low': {
    kind: 'forbidden',
    challenge: { scheme: 'Bearer' },
    title: 'The proof that opened the session is too easy to forge for this',
    remedy: 'Sign in with what the platform itself signed, such as init data with the Ed25519 `signature`.',
  },
  'gateway.audience_not_granted': {
    kind: 'forbidden',
    challenge: INSUFFICIENT_SCOPE,
    title: 'The session is for another application than what stands behind this gateway',
    remedy: 'Sign in to that application, or let an operator add the name to the `audiences` of this one.',
  },
  'gateway.header_repeated': {
    kind: 'unauthenticated',
    title: 'The request repeats its credentials, or a header that the gateway sets',
    remedy:
      'Send one `Authorization`, and at most one `DPoP` and `X-Countersign-Application`; let the gateway set `X-Forwarded-*`, not add to it.',
  },
  'gateway.subprotocol_missing': {
    kind: 'malformed',
    title: 'The WebSocket offers no subprotocol besides its credentials',
    remedy:
      'Offer one that the service selects, such as `orders.v1`, before those of `webSocketProtocols()`.',
  },
  'gateway.question_invalid': {
    kind: 'malformed',
    title: 'The query of the gateway is not valid',
    remedy:
      'Ask for `scope` (words separated by spaces), at most one `audience` and one `assurance` (`vendor`, `bot-token`, `platform`), none empty.',
  },
} as const satisfies Record<string, ErrorDefinition>;

export const gatewayError = defineErrors(refusals);

/** These codes belong to calls to the service itself. */
const OF_CALLS: ReadonlySet<string> = new Set(['request.origin_not_allowed', 'request.rate_limited']);

/** The check ignores origins, because a preflight is for the services behind the gateway. */
export const gatewayErrorCodes: readonly string[] = [
  ...Object.keys(refusals),
  ...sessionErrorCodes.filter((code) => !OF_CALLS.has(code)),
  'request.malformed',
  'request.too_large',
  'service.data_unreadable',
  'service.internal_error',
];
