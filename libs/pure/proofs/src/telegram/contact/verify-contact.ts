import type { KeyObject } from 'node:crypto';
import {
  accepted,
  exactId,
  hasControlCharacter,
  hasLoneSurrogate,
  type JsonMember,
  readJsonMembers,
  refusals,
  refused,
  type Result,
} from '@countersign/text';
import { isRight } from '../../signatures/is-right';
import { assertAgePolicy, readAuthDate, type InitDataAgePolicy } from '../init-data/init-data-date';
import { renamed, sharedRefusals } from '../shared-refusals';
import { checkInitDataAuthenticity } from '../init-data/verify-init-data';

/** E.164: `+` and 7 to 15 digits, the first not zero; else `null`. Telegram's OpenID Connect omits the `+`. */
export function normalizePhoneNumber(text: string): string | null {
  const digits = /^\+?([1-9][0-9]{6,14})$/.exec(text)?.[1];
  return digits === undefined ? null : `+${digits}`;
}

/** Every rule that a requested contact can fail. Codes are public contract. */
export const contactRefusals = {
  ...sharedRefusals('contact', {
    subject: 'The contact',
    empty: 'The person declined: request the contact again.',
    expired: 'Too late: request the contact again.',
    mismatch: 'Check that the bot of the Mini App is the one whose token is registered here.',
  }),
  ...refusals('unauthenticated', {
    'contact.contact_missing':
      'The signed fields hold no contact. Send what requestContact answered, not the init data.',
    'contact.contact_malformed': 'The contact is not a well-formed contact object',
    'contact.user_id_invalid': 'The user id is not an exact positive integer',
    'contact.phone_number_invalid': 'The phone number is not one of 7 to 15 digits',
  }),
};

type ContactRefusal = keyof typeof contactRefusals;

export interface ContactPolicy extends InitDataAgePolicy {
  /** The keys of the bot's init data: one must match. An empty list accepts nothing. */
  readonly keys: readonly KeyObject[];
}

/** A phone number and its owner, who may be another person than the sender. */
interface Contact {
  /** Telegram's user id in decimal digits, exactly as signed; at most 2^53 - 1. */
  readonly userId: string;
  /** In E.164, with the leading `+`. */
  readonly phoneNumber: string;
  /** May be empty. */
  readonly firstName: string;
  readonly lastName?: string;
}

/** In UTF-16 code units, several times Telegram's limit. */
const MAX_NAME_LENGTH = 256;

/**
 * Accepts the result of a Mini App's `requestContact`: a query of `contact`, `auth_date` and `hash` under the key of
 * init data. Telegram documents only the method: the format is that of its own SDK. `raw` cannot make it throw.
 * @see https://github.com/Telegram-Mini-Apps/tma.js/issues/715
 * @throws RangeError for a policy that would check nothing, such as an age limit of `NaN`
 */
export function verifyContact(
  raw: string,
  policy: ContactPolicy,
): Result<Contact & { readonly authDate: Date }, ContactRefusal> {
  assertAgePolicy(policy);
  const proof = { hmacKeys: policy.keys, signature: null };
  const authentic = renamed('contact', checkInitDataAuthenticity(raw, proof, isRight));
  if (!authentic.ok) return authentic;

  const { fields } = authentic.value;
  const authDate = renamed('contact', readAuthDate(fields.get('auth_date'), policy));
  if (!authDate.ok) return authDate;

  const json = fields.get('contact');
  if (!json) return refused('contact.contact_missing');
  const contact = readContact(json);
  return contact.ok ? accepted({ ...contact.value, authDate: authDate.value }) : contact;
}

/** The JSON is exactly as Telegram wrote it. Unknown members are ignored. */
function readContact(json: string): Result<Contact, ContactRefusal> {
  const members = readJsonMembers(json);
  if (!members) return refused('contact.contact_malformed');

  const userId = exactId(members.get('user_id'));
  if (userId === undefined) return refused('contact.user_id_invalid');
  const phoneNumber = normalizePhoneNumber(textOf(members.get('phone_number')) ?? '');
  if (phoneNumber === null) return refused('contact.phone_number_invalid');

  const firstName = textOf(members.get('first_name'));
  const lastName = members.has('last_name') ? textOf(members.get('last_name')) : '';
  if (firstName === undefined || lastName === undefined) return refused('contact.contact_malformed');
  if (hasControlCharacter(firstName + lastName)) return refused('contact.control_character');
  return accepted({ userId, phoneNumber, firstName, ...(lastName === '' ? {} : { lastName }) });
}

function textOf(member: JsonMember | undefined): string | undefined {
  const text = member?.value;
  if (typeof text !== 'string' || text.length > MAX_NAME_LENGTH || hasLoneSurrogate(text)) return undefined;
  return text;
}
