import { refusals } from '@countersign/text';

const recordRefusals = {
  ...refusals('malformed', {
    'rapidpace.malformed':
      'The record is not well-formed. Send the body as one JSON object, the link as a percent-encoded query; both in UTF-8.',
    'rapidpace.too_long': 'The record is longer than 8 KiB. Send nothing but the fields of the player.',
    'rapidpace.key_invalid':
      'The name of a key is not well-formed. Name keys by a letter and up to 63 letters, digits, `_`, `.` and `-`.',
    'rapidpace.control_character': 'A value holds a control character. Send values as Telegram gives them.',
    'rapidpace.telegram_id_missing':
      'The Telegram id is missing. Send `telegram_id`: it is the one required field.',
    'rapidpace.telegram_id_invalid':
      'The Telegram id is not an exact positive integer. Send `telegram_id` in decimal digits without leading zeros, at most 9007199254740991.',
    'rapidpace.auth_date_malformed':
      'The date is not in Unix seconds. Send `auth_date` in whole seconds, not milliseconds or text of another form.',
    'rapidpace.name_invalid':
      "A name is longer than 64 characters. Send `first_name` and `last_name` as Telegram gives them, within Telegram's limit.",
    'rapidpace.username_invalid':
      'The username is not one Telegram could give. Send `username` without `@`: at most 32 of `A-Z a-z 0-9 _`.',
    'rapidpace.language_code_invalid':
      'The language code is not a language tag. Send `language_code` as Telegram gives it, such as `en` or `pt-br`.',
    'rapidpace.trace_id_invalid':
      'The trace id is not a UUID. Send `trace_id` as a UUID with hyphens, or empty.',
  }),
  ...refusals('unauthenticated', {
    'rapidpace.ambiguous_record':
      'The signed text can be read as the record of another person or date. A value holds `telegram_id`, `auth_date`, `trace_id` or `x-urm-hmac`: let the player change that name.',
    'rapidpace.hmac_missing':
      'The HMAC is missing. Send `x-urm-hmac`: with the body as a header, in the link as a field of the query.',
    'rapidpace.hmac_malformed':
      'The HMAC is not 32 bytes of padded base64. Send `x-urm-hmac` in standard base64, 44 characters, and percent-encode it in the link.',
    'rapidpace.hmac_mismatch':
      'The HMAC does not match the record. Check the secret, and the line that is signed: docs/rapidpace.md.',
  }),
};

/** Every rule that the body of a registration call can fail. */
export const rapidpaceBodyRefusals = {
  ...recordRefusals,
  ...refusals('malformed', {
    'rapidpace.value_type_invalid':
      'A value has a type that its key cannot have. Send text or null; `telegram_id`, `auth_date` and keys that are not documented may be numbers, the latter `true` and `false` too.',
  }),
};

/** Every rule that a login link can fail. */
export const rapidpaceLinkRefusals = {
  ...recordRefusals,
  ...refusals('malformed', { 'rapidpace.duplicate_key': 'A key occurs twice. Send each key once.' }),
  ...refusals('unauthenticated', {
    'rapidpace.undated_link':
      'The link carries no date. Let Rapidpace send `auth_date`, or accept undated links: they never expire.',
    'rapidpace.link_expired':
      'The link is too old. Press /start in the bot, and open the product from its new message.',
    'rapidpace.link_in_future':
      'The date of the link lies in the future. Check the clock of the machine that signs, and that `auth_date` is in seconds.',
  }),
};

/** Every rule that a record of Rapidpace can fail. Codes are public contract. */
export const rapidpaceRefusals = { ...rapidpaceBodyRefusals, ...rapidpaceLinkRefusals };

export type RapidpaceRefusal = keyof typeof rapidpaceRefusals;
