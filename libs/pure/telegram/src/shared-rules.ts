import { refused, type Result } from '@countersign/errors';
import type { InitDataRefusal, InitDataRefusalDefinition } from './init-data/init-data-refusals';

/** Rules that init data shares with Telegram's other signed fields: of their form, the hash and the date. */
type SharedRule =
  | 'empty'
  | 'too_long'
  | 'malformed'
  | 'duplicate_field'
  | 'invalid_field_name'
  | 'control_character'
  | `hash_${'missing' | 'malformed' | 'mismatch'}`
  | `auth_date_${'missing' | 'malformed' | 'expired' | 'in_future'}`;

/** The outcome of a shared rule with the code that the other mechanism has for it. */
export function renamed<T, const Mechanism extends string>(
  mechanism: Mechanism,
  result: Result<T, InitDataRefusal>,
): Result<T, `${Mechanism}.${SharedRule}`> {
  if (result.ok) return result;
  return refused(result.code.replace('init_data', mechanism) as `${Mechanism}.${SharedRule}`);
}

/**
 * The definitions of the shared rules.
 * @param subject of the sentences
 * @param again how the person gets another one
 * @param owner whose bot has to be the registered one
 */
export function sharedRefusals<const Mechanism extends string>(
  mechanism: Mechanism,
  { subject, again, owner }: Readonly<Record<'subject' | 'again' | 'owner', string>>,
): Readonly<Record<`${Mechanism}.${SharedRule}`, InitDataRefusalDefinition>> {
  const malformed = (title: string): InitDataRefusalDefinition => ({ kind: 'malformed', title });
  const untrue = (title: string): InitDataRefusalDefinition => ({ kind: 'unauthenticated', title });
  const rules: Readonly<Record<SharedRule, InitDataRefusalDefinition>> = {
    empty: { ...malformed(`${subject} is empty`), remedy: `The person declined: ${again}.` },
    too_long: malformed(`${subject} is longer than 8 KiB`),
    malformed: malformed(`${subject} is not a well-formed query string`),
    duplicate_field: malformed('A field occurs twice'),
    invalid_field_name: malformed('A field name is not one Telegram could send'),
    control_character: malformed('A field holds a control character'),
    hash_missing: untrue('The hash is missing'),
    hash_malformed: untrue('The hash is not 64 lower-case hex digits'),
    hash_mismatch: {
      ...untrue('The hash does not match the fields'),
      remedy: `Check that the bot of ${owner} is the one whose token is registered here.`,
    },
    auth_date_missing: untrue('The date is missing'),
    auth_date_malformed: untrue('The date is not in Unix seconds'),
    auth_date_expired: { ...untrue(`${subject} is too old`), remedy: `Too late: ${again}.` },
    auth_date_in_future: untrue('The date lies in the future'),
  };
  return Object.fromEntries(
    Object.entries(rules).map(([rule, definition]) => [`${mechanism}.${rule}`, definition]),
  ) as Record<`${Mechanism}.${SharedRule}`, InitDataRefusalDefinition>;
}

/** The same properties without those that are undefined. */
export function present<T extends object>(properties: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const found: Partial<T> = {};
  for (const name in properties) {
    if (properties[name] !== undefined) found[name] = properties[name];
  }
  return found as { [K in keyof T]?: Exclude<T[K], undefined> };
}
