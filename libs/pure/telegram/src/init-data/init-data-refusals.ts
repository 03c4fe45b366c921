export interface InitDataRefusalDefinition {
  /** One short sentence for people, the same at every occurrence. */
  readonly title: string;
  /** `malformed`: the text cannot be read. `unauthenticated`: it proves no identity. */
  readonly kind: 'malformed' | 'unauthenticated';
  /** What the caller can do about it. */
  readonly remedy?: string;
}

/** Every rule that init data can fail where the signature alone is checked. */
export const thirdPartyInitDataRefusals = {
  'init_data.empty': {
    kind: 'malformed',
    title: 'Init data is empty',
    remedy:
      'Open the Mini App from a link or the menu button: keyboard buttons and inline mode carry no init data.',
  },
  'init_data.too_long': { kind: 'malformed', title: 'Init data is longer than 8 KiB' },
  'init_data.malformed': { kind: 'malformed', title: 'Init data is not a well-formed query string' },
  'init_data.duplicate_field': { kind: 'malformed', title: 'A field occurs twice' },
  'init_data.invalid_field_name': { kind: 'malformed', title: 'A field name is not one Telegram could send' },
  'init_data.control_character': { kind: 'malformed', title: 'A field holds a control character' },
  'init_data.signature_missing': { kind: 'unauthenticated', title: 'The signature is missing' },
  'init_data.signature_malformed': {
    kind: 'unauthenticated',
    title: 'The signature is not 64 bytes of unpadded base64url',
  },
  'init_data.signature_mismatch': {
    kind: 'unauthenticated',
    title: 'The signature does not match the fields',
    remedy:
      'The fields were changed after Telegram signed them, or it signed them for another bot or environment: send the text of `Telegram.WebApp.initData` as it is.',
  },
  'init_data.auth_date_missing': { kind: 'unauthenticated', title: 'The date is missing' },
  'init_data.auth_date_malformed': { kind: 'unauthenticated', title: 'The date is not in Unix seconds' },
  'init_data.auth_date_expired': {
    kind: 'unauthenticated',
    title: 'Init data is too old',
    remedy: 'Close the Mini App and open it again.',
  },
  'init_data.auth_date_in_future': { kind: 'unauthenticated', title: 'The date lies in the future' },
  'init_data.user_missing': { kind: 'unauthenticated', title: 'Init data names no user' },
  'init_data.user_malformed': { kind: 'unauthenticated', title: 'The user is not a well-formed user object' },
  'init_data.user_id_invalid': {
    kind: 'unauthenticated',
    title: 'The user id is not an exact positive integer',
  },
  'init_data.user_is_bot': { kind: 'unauthenticated', title: 'The user is a bot' },
  'init_data.start_param_malformed': {
    kind: 'unauthenticated',
    title: 'The start parameter is longer than 512 characters',
  },
} as const satisfies Record<`init_data.${string}`, InitDataRefusalDefinition>;

/**
 * Every rule that init data can fail, named by its code. Codes are public contract.
 * What `parseInitData` answers is `malformed`; what the later checks answer is `unauthenticated`.
 */
export const initDataRefusals = {
  ...thirdPartyInitDataRefusals,
  'init_data.hash_missing': { kind: 'unauthenticated', title: 'The hash is missing' },
  'init_data.hash_malformed': { kind: 'unauthenticated', title: 'The hash is not 64 lower-case hex digits' },
  'init_data.hash_mismatch': {
    kind: 'unauthenticated',
    title: 'The hash does not match the fields',
    remedy: 'Check that the token is that of the bot which opens the Mini App.',
  },
} as const satisfies Record<`init_data.${string}`, InitDataRefusalDefinition>;

/** The code of the rule that init data failed. */
export type InitDataRefusal = keyof typeof initDataRefusals;
