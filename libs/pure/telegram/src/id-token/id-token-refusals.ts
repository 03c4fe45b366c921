import type { InitDataRefusalDefinition } from '../init-data/init-data-refusals';

/**
 * Every rule that an id token of "Log In With Telegram" can fail, named by its code. Codes are public
 * contract.
 * `malformed`: no signed token that could be read. `unauthenticated`: it proves no identity.
 */
export const idTokenRefusals = {
  'oidc.token_too_long': { kind: 'malformed', title: 'The id token is longer than 8 KiB' },
  'oidc.token_malformed': { kind: 'malformed', title: 'The id token is not a well-formed compact JWS' },
  'oidc.header_malformed': { kind: 'malformed', title: 'The header is not a well-formed JSON object' },
  'oidc.type_not_allowed': { kind: 'malformed', title: 'The header says that this is another kind of token' },
  'oidc.critical_header': { kind: 'malformed', title: 'The header asks for an extension that is not known' },
  'oidc.algorithm_not_allowed': {
    kind: 'unauthenticated',
    title: 'The signing algorithm is none of those that Telegram offers',
  },
  'oidc.key_id_invalid': { kind: 'unauthenticated', title: 'The header names no key' },
  'oidc.unknown_key': {
    kind: 'unauthenticated',
    title: 'The key that the header names is not published',
    remedy: 'Sign in again: keys are read anew after they were exchanged.',
  },
  'oidc.algorithm_mismatch': { kind: 'unauthenticated', title: 'The key belongs to another algorithm' },
  'oidc.signature_malformed': {
    kind: 'unauthenticated',
    title: 'The signature has not the length of one of its algorithm',
  },
  'oidc.signature_mismatch': { kind: 'unauthenticated', title: 'The signature does not match the token' },
  'oidc.payload_malformed': {
    kind: 'unauthenticated',
    title: 'The claims are not a well-formed JSON object',
  },
  'oidc.issuer_mismatch': { kind: 'unauthenticated', title: 'Another issuer made the token' },
  'oidc.audience_mismatch': {
    kind: 'unauthenticated',
    title: 'The token is for another client',
    remedy: 'Check that the client id registered here is the one that BotFather shows for this bot.',
  },
  'oidc.expiry_invalid': { kind: 'unauthenticated', title: 'The expiry is missing or not in Unix seconds' },
  'oidc.issued_at_invalid': {
    kind: 'unauthenticated',
    title: 'The date of issue is missing or not in Unix seconds',
  },
  'oidc.not_before_invalid': { kind: 'unauthenticated', title: 'The earliest date is not in Unix seconds' },
  'oidc.issued_in_future': { kind: 'unauthenticated', title: 'The date of issue lies in the future' },
  'oidc.not_yet_valid': { kind: 'unauthenticated', title: 'The token is not valid yet' },
  'oidc.lifetime_invalid': {
    kind: 'unauthenticated',
    title: 'The token lives longer than a day or ends before it begins',
  },
  'oidc.expired': { kind: 'unauthenticated', title: 'The token has expired', remedy: 'Sign in again.' },
  'oidc.nonce_mismatch': {
    kind: 'unauthenticated',
    title: 'The token answers another sign-in',
    remedy: 'Sign in again.',
  },
  'oidc.id_missing': { kind: 'unauthenticated', title: 'The token names no Telegram user id' },
  'oidc.id_invalid': {
    kind: 'unauthenticated',
    title: 'The Telegram user id is not an exact positive integer',
  },
  'oidc.subject_invalid': {
    kind: 'unauthenticated',
    title: 'The subject is missing or not a text that could be kept',
  },
  'oidc.profile_malformed': {
    kind: 'unauthenticated',
    title: 'A profile claim is not what Telegram could send',
  },
  'oidc.control_character': { kind: 'unauthenticated', title: 'A claim holds a control character' },
} as const satisfies Record<`oidc.${string}`, InitDataRefusalDefinition>;

/** The code of the rule that an id token failed. */
export type IdTokenRefusal = keyof typeof idTokenRefusals;
