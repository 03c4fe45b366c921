import type { InitDataRefusalDefinition } from '../init-data/init-data-refusals';

/**
 * Every rule that a requested contact can fail, named by its code. Codes are public contract.
 * What the reading of fields answers is `malformed`; what the later checks answer is `unauthenticated`.
 */
export const contactRefusals = {
  'contact.empty': {
    kind: 'malformed',
    title: 'The contact is empty',
    remedy: 'The person declined: request the contact again.',
  },
  'contact.too_long': { kind: 'malformed', title: 'The contact is longer than 8 KiB' },
  'contact.malformed': { kind: 'malformed', title: 'The contact is not a well-formed query string' },
  'contact.duplicate_field': { kind: 'malformed', title: 'A field occurs twice' },
  'contact.invalid_field_name': { kind: 'malformed', title: 'A field name is not one Telegram could send' },
  'contact.control_character': { kind: 'malformed', title: 'A field holds a control character' },
  'contact.hash_missing': { kind: 'unauthenticated', title: 'The hash is missing' },
  'contact.hash_malformed': { kind: 'unauthenticated', title: 'The hash is not 64 lower-case hex digits' },
  'contact.hash_mismatch': {
    kind: 'unauthenticated',
    title: 'The hash does not match the fields',
    remedy: 'Check that the bot that opens the Mini App is the one whose token is registered here.',
  },
  'contact.auth_date_missing': { kind: 'unauthenticated', title: 'The date is missing' },
  'contact.auth_date_malformed': { kind: 'unauthenticated', title: 'The date is not in Unix seconds' },
  'contact.auth_date_expired': {
    kind: 'unauthenticated',
    title: 'The contact is too old',
    remedy: 'Request the contact again.',
  },
  'contact.auth_date_in_future': { kind: 'unauthenticated', title: 'The date lies in the future' },
  'contact.contact_missing': {
    kind: 'unauthenticated',
    title: 'The signed fields hold no contact',
    remedy: 'Send what requestContact answered, not the init data.',
  },
  'contact.contact_malformed': {
    kind: 'unauthenticated',
    title: 'The contact is not a well-formed contact object',
  },
  'contact.user_id_invalid': {
    kind: 'unauthenticated',
    title: 'The user id is not an exact positive integer',
  },
  'contact.phone_number_invalid': {
    kind: 'unauthenticated',
    title: 'The phone number is not one of 7 to 15 digits',
  },
} as const satisfies Record<`contact.${string}`, InitDataRefusalDefinition>;

/** The code of the rule that a requested contact failed. */
export type ContactRefusal = keyof typeof contactRefusals;
