import type { InitDataRefusalDefinition } from '../init-data/init-data-refusals';

/**
 * Every rule that Login Widget data can fail, named by its code. Codes are public contract.
 * What the reading of fields answers is `malformed`; what the later checks answer is `unauthenticated`.
 */
export const loginWidgetRefusals = {
  'login_widget.empty': {
    kind: 'malformed',
    title: 'Login Widget data is empty',
    remedy: 'The person declined: show the login button again.',
  },
  'login_widget.too_long': { kind: 'malformed', title: 'Login Widget data is longer than 8 KiB' },
  'login_widget.malformed': {
    kind: 'malformed',
    title: 'Login Widget data is not of the form it is said to have',
    remedy:
      'Send one of: the object of the callback, the query of the redirect without its fragment, the value of tgAuthResult.',
  },
  'login_widget.duplicate_field': { kind: 'malformed', title: 'A field occurs twice' },
  'login_widget.invalid_field_name': {
    kind: 'malformed',
    title: 'A field name is not one Telegram could send',
    remedy: 'Send what Telegram added to the address alone.',
  },
  'login_widget.invalid_field_value': {
    kind: 'malformed',
    title: 'A field is neither text nor an exact integer',
  },
  'login_widget.control_character': { kind: 'malformed', title: 'A field holds a control character' },
  'login_widget.hash_missing': { kind: 'unauthenticated', title: 'The hash is missing' },
  'login_widget.hash_malformed': {
    kind: 'unauthenticated',
    title: 'The hash is not 64 lower-case hex digits',
  },
  'login_widget.hash_mismatch': {
    kind: 'unauthenticated',
    title: 'The hash does not match the fields',
    remedy:
      "Check that the button's bot is the one whose token is registered here, and send what Telegram added to the address alone.",
  },
  'login_widget.auth_date_missing': { kind: 'unauthenticated', title: 'The date is missing' },
  'login_widget.auth_date_malformed': { kind: 'unauthenticated', title: 'The date is not in Unix seconds' },
  'login_widget.auth_date_expired': {
    kind: 'unauthenticated',
    title: 'Login Widget data is too old',
    remedy: 'Log in with the button again.',
  },
  'login_widget.auth_date_in_future': { kind: 'unauthenticated', title: 'The date lies in the future' },
  'login_widget.user_id_invalid': {
    kind: 'unauthenticated',
    title: 'The user id is not an exact positive integer',
  },
  'login_widget.user_malformed': {
    kind: 'unauthenticated',
    title: 'The first name is missing or a text is too long',
  },
} as const satisfies Record<`login_widget.${string}`, InitDataRefusalDefinition>;

/** The code of the rule that Login Widget data failed. */
export type LoginWidgetRefusal = keyof typeof loginWidgetRefusals;
