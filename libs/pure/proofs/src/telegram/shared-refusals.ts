import { refusals, refused, type ErrorDefinition, type Result } from '@countersign/text';

type SharedRule =
  | 'empty'
  | 'too_long'
  | 'malformed'
  | 'duplicate_field'
  | 'invalid_field_name'
  | 'control_character'
  | `hash_${'missing' | 'malformed' | 'mismatch'}`
  | `auth_date_${'missing' | 'malformed' | 'expired' | 'in_future'}`;

/** Renames the code of a shared rule for another mechanism. */
export function renamed<T, const Mechanism extends string>(
  mechanism: Mechanism,
  result: Result<T, `init_data.${string}`>,
): Result<T, `${Mechanism}.${SharedRule}`> {
  if (result.ok) return result;
  return refused(result.code.replace('init_data', mechanism) as `${Mechanism}.${SharedRule}`);
}

/** @param texts the subject of the sentences, and remedies */
export function sharedRefusals<const Mechanism extends string>(
  mechanism: Mechanism,
  { subject, ...remedies }: Readonly<Record<'subject' | 'empty' | 'expired' | 'mismatch', string>>,
): Readonly<Record<`${Mechanism}.${SharedRule}`, ErrorDefinition>> {
  const rules: Readonly<Record<SharedRule, ErrorDefinition>> = {
    ...refusals('malformed', {
      empty: `${subject} is empty. ${remedies.empty}`,
      too_long: `${subject} is longer than 8 KiB`,
      malformed: `${subject} is not a well-formed query string`,
      duplicate_field: 'A field occurs twice',
      invalid_field_name: 'A field name is not one Telegram could send',
      control_character: 'A field holds a control character',
    }),
    ...refusals('unauthenticated', {
      hash_missing: 'The hash is missing',
      hash_malformed: 'The hash is not 64 lower-case hex digits',
      hash_mismatch: `The hash does not match the fields. ${remedies.mismatch}`,
      auth_date_missing: 'The date is missing',
      auth_date_malformed: 'The date is not in Unix seconds',
      auth_date_expired: `${subject} is too old. ${remedies.expired}`,
      auth_date_in_future: 'The date lies in the future',
    }),
  };
  return Object.fromEntries(
    Object.entries(rules).map(([rule, definition]) => [`${mechanism}.${rule}`, definition]),
  ) as Record<`${Mechanism}.${SharedRule}`, ErrorDefinition>;
}

/** Leaves out undefined properties. */
export function present<T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
