interface RapidpaceRefusalDefinition {
  /** One short sentence for people, the same at every occurrence. */
  readonly title: string;
  /** `malformed`: the record cannot be read. `unauthenticated`: it proves no identity. */
  readonly kind: 'malformed' | 'unauthenticated';
  /** What the integrator or the player can do about it. */
  readonly remedy: string;
}

/** The rules of a record, however it was sent. */
const recordRefusals = {
  'rapidpace.malformed': {
    kind: 'malformed',
    title: 'The record is not well-formed',
    remedy: 'Send the body as one JSON object, the link as a percent-encoded query; both in UTF-8.',
  },
  'rapidpace.too_long': {
    kind: 'malformed',
    title: 'The record is longer than 8 KiB',
    remedy: 'Send nothing but the fields of the player.',
  },
  'rapidpace.key_invalid': {
    kind: 'malformed',
    title: 'The name of a key is not well-formed',
    remedy: 'Name keys by a letter and up to 63 letters, digits, `_`, `.` and `-`.',
  },
  'rapidpace.control_character': {
    kind: 'malformed',
    title: 'A value holds a control character',
    remedy: 'Send values as Telegram gives them.',
  },
  'rapidpace.telegram_id_missing': {
    kind: 'malformed',
    title: 'The Telegram id is missing',
    remedy: 'Send `telegram_id`: it is the one required field.',
  },
  'rapidpace.telegram_id_invalid': {
    kind: 'malformed',
    title: 'The Telegram id is not an exact positive integer',
    remedy: 'Send `telegram_id` in decimal digits without leading zeros, at most 9007199254740991.',
  },
  'rapidpace.auth_date_malformed': {
    kind: 'malformed',
    title: 'The date is not in Unix seconds',
    remedy: 'Send `auth_date` in whole seconds, not milliseconds or text of another form.',
  },
  'rapidpace.name_invalid': {
    kind: 'malformed',
    title: 'A name is longer than 64 characters',
    remedy: "Send `first_name` and `last_name` as Telegram gives them, within Telegram's limit.",
  },
  'rapidpace.username_invalid': {
    kind: 'malformed',
    title: 'The username is not one Telegram could give',
    remedy: 'Send `username` without `@`: at most 32 of `A-Z a-z 0-9 _`.',
  },
  'rapidpace.language_code_invalid': {
    kind: 'malformed',
    title: 'The language code is not a language tag',
    remedy: 'Send `language_code` as Telegram gives it, such as `en` or `pt-br`.',
  },
  'rapidpace.trace_id_invalid': {
    kind: 'malformed',
    title: 'The trace id is not a UUID',
    remedy: 'Send `trace_id` as a UUID with hyphens, or empty.',
  },
  'rapidpace.ambiguous_record': {
    kind: 'unauthenticated',
    title: 'The signed text can be read as the record of another person or date',
    remedy:
      'A value holds `telegram_id`, `auth_date`, `trace_id` or `x-urm-hmac`: let the player change that name.',
  },
  'rapidpace.hmac_missing': {
    kind: 'unauthenticated',
    title: 'The HMAC is missing',
    remedy: 'Send `x-urm-hmac`: with the body as a header, in the link as a field of the query.',
  },
  'rapidpace.hmac_malformed': {
    kind: 'unauthenticated',
    title: 'The HMAC is not 32 bytes of padded base64',
    remedy: 'Send `x-urm-hmac` in standard base64, 44 characters, and percent-encode it in the link.',
  },
  'rapidpace.hmac_mismatch': {
    kind: 'unauthenticated',
    title: 'The HMAC does not match the record',
    remedy: 'Check the secret, and the line that is signed: docs/rapidpace.md.',
  },
} as const satisfies Record<`rapidpace.${string}`, RapidpaceRefusalDefinition>;

/** Every rule that the body of a registration call can fail. */
export const rapidpaceBodyRefusals = {
  ...recordRefusals,
  'rapidpace.value_type_invalid': {
    kind: 'malformed',
    title: 'A value has a type that its key cannot have',
    remedy:
      'Send text or null; `telegram_id`, `auth_date` and keys that are not documented may be numbers, the latter `true` and `false` too.',
  },
} as const satisfies Record<`rapidpace.${string}`, RapidpaceRefusalDefinition>;

/** Every rule that a login link can fail. */
export const rapidpaceLinkRefusals = {
  ...recordRefusals,
  'rapidpace.duplicate_key': {
    kind: 'malformed',
    title: 'A key occurs twice',
    remedy: 'Send each key once.',
  },
  'rapidpace.undated_link': {
    kind: 'unauthenticated',
    title: 'The link carries no date',
    remedy: 'Let Rapidpace send `auth_date`, or accept undated links: they never expire.',
  },
  'rapidpace.link_expired': {
    kind: 'unauthenticated',
    title: 'The link is too old',
    remedy: 'Press /start in the bot, and open the product from its new message.',
  },
  'rapidpace.link_in_future': {
    kind: 'unauthenticated',
    title: 'The date of the link lies in the future',
    remedy: 'Check the clock of the machine that signs, and that `auth_date` is in seconds.',
  },
} as const satisfies Record<`rapidpace.${string}`, RapidpaceRefusalDefinition>;

/** Every rule that a record of Rapidpace's can fail, named by its code. Codes are public contract. */
export const rapidpaceRefusals = { ...rapidpaceBodyRefusals, ...rapidpaceLinkRefusals };

/** The code of the rule that a record failed. */
export type RapidpaceRefusal = keyof typeof rapidpaceRefusals;
