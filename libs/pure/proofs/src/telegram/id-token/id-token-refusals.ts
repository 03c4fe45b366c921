import { refusals } from '@countersign/text';

/** Every rule that an id token of "Log In With Telegram" can fail. Codes are public contract. */
export const idTokenRefusals = {
  ...refusals('malformed', {
    'oidc.token_too_long': 'The id token is longer than 8 KiB',
    'oidc.token_malformed': 'The id token is not a well-formed compact JWS',
    'oidc.header_malformed': 'The header is not a well-formed JSON object',
    'oidc.type_not_allowed': 'The header says that this is another kind of token',
    'oidc.critical_header': 'The header asks for an extension that is not known',
  }),
  ...refusals('unauthenticated', {
    'oidc.algorithm_not_allowed': 'The signing algorithm is none of those that Telegram offers',
    'oidc.key_id_invalid': 'The header names no key',
    'oidc.unknown_key':
      'The key that the header names is not published. Sign in again: keys are read anew after they were exchanged.',
    'oidc.algorithm_mismatch': 'The key belongs to another algorithm',
    'oidc.signature_malformed': 'The signature has not the length of one of its algorithm',
    'oidc.signature_mismatch': 'The signature does not match the token',
    'oidc.payload_malformed': 'The claims are not a well-formed JSON object',
    'oidc.issuer_mismatch': 'Another issuer made the token',
    'oidc.audience_mismatch':
      'The token is for another client. Check that the client id registered here is the one that BotFather shows for this bot.',
    'oidc.expiry_invalid': 'The expiry is missing or not in Unix seconds',
    'oidc.issued_at_invalid': 'The date of issue is missing or not in Unix seconds',
    'oidc.not_before_invalid': 'The earliest date is not in Unix seconds',
    'oidc.issued_in_future': 'The date of issue lies in the future',
    'oidc.not_yet_valid': 'The token is not valid yet',
    'oidc.lifetime_invalid': 'The token lives longer than a day or ends before it begins',
    'oidc.expired': 'The token has expired. Sign in again.',
    'oidc.nonce_mismatch': 'The token answers another sign-in. Sign in again.',
    'oidc.id_missing': 'The token names no Telegram user id',
    'oidc.id_invalid': 'The Telegram user id is not an exact positive integer',
    'oidc.subject_invalid': 'The subject is missing or not a text that could be kept',
    'oidc.profile_malformed': 'A profile claim is not what Telegram could send',
    'oidc.control_character': 'A claim holds a control character',
  }),
};

export type IdTokenRefusal = keyof typeof idTokenRefusals;
