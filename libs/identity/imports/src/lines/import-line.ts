import { normalizePhoneNumber } from '@countersign/proofs';
import {
  decodeUtf8,
  exactId,
  hasControlCharacter,
  hasLoneSurrogate,
  readJsonMembers,
  type JsonMember,
  type JsonMembers,
} from '@countersign/text';
import type { RawLine } from './raw-lines';

export interface ReadPerson {
  readonly telegramId: string;
  readonly externalId: string | null;
  /** JSON of the line's members besides the Telegram id. */
  readonly imported: string;
}

type ReadLine =
  | { readonly person: ReadPerson }
  | { readonly refusal: { readonly code: ImportRefusal; readonly member?: string } };

/** Ids of Telegram have at most 52 significant bits: core.telegram.org/bots/api#user. */
const MAX_TELEGRAM_ID = 2 ** 52 - 1;

/** In UTF-16 units. */
const MAX_NAME = 256;
const MAX_USERNAME = 64;
const MAX_EXTERNAL_ID = 128;

type Reader = (member: JsonMember) => string | null;

/** A reader returns null for an invalid value. */
const readers = {
  telegramId: telegramIdOf,
  firstName: textUpTo(MAX_NAME),
  lastName: textUpTo(MAX_NAME),
  username: ({ value, source }) =>
    textUpTo(MAX_USERNAME)({ value: typeof value === 'string' ? value.replace(/^@/, '') : value, source }),
  phoneNumber: ({ value }) => (typeof value === 'string' ? normalizePhoneNumber(value) : null),
  externalId: (member) => exactId(member) ?? textUpTo(MAX_EXTERNAL_ID)(member),
} satisfies Record<string, Reader>;

type Member = keyof typeof readers;
const members = Object.keys(readers) as Member[];

/** Members that are null count as absent. */
export function readLine(line: RawLine): ReadLine {
  if (line === null) return { refusal: { code: 'import.line_too_long' } };
  const text = decodeUtf8(line);
  if (text === undefined) return { refusal: { code: 'import.not_utf8' } };
  const found = membersOf(text);
  if (!found) return { refusal: { code: 'import.not_json' } };
  // The result does not repeat the name, because it could be a misplaced value.
  if ([...found.keys()].some((name) => !isMember(name)))
    return { refusal: { code: 'import.member_unknown' } };
  const said: Partial<Record<Member, string>> = {};
  for (const name of members) {
    const member = found.get(name);
    if (!member || member.value === null) continue;
    const value = readers[name](member);
    if (value === null) return { refusal: { code: 'import.member_invalid', member: name } };
    said[name] = value;
  }
  const { telegramId, externalId = null } = said;
  if (telegramId === undefined) return { refusal: { code: 'import.member_missing', member: 'telegramId' } };
  const others = members.filter((name) => name !== 'telegramId').map((name) => [name, said[name] ?? null]);
  return { person: { telegramId, externalId, imported: JSON.stringify(Object.fromEntries(others)) } };
}

/** Deep nesting exhausts the stack of the parser. */
function membersOf(text: string): JsonMembers | undefined {
  try {
    return readJsonMembers(text);
  } catch {
    return undefined;
  }
}

function isMember(name: string): name is Member {
  return (members as readonly string[]).includes(name);
}

/** A number, or its digits as text. */
function telegramIdOf(member: JsonMember): string | null {
  const { value } = member;
  const id = exactId(typeof value === 'string' ? { source: value, value: Number(value) } : member);
  return id !== undefined && Number(id) <= MAX_TELEGRAM_ID ? id : null;
}

/** Text that PostgreSQL can store and a terminal can show. */
function textUpTo(length: number): Reader {
  return ({ value }) => {
    const isText =
      typeof value === 'string' &&
      value !== '' &&
      value.length <= length &&
      !hasControlCharacter(value) &&
      !hasLoneSurrogate(value);
    return isText ? value : null;
  };
}

/** The codes of `invalid`. They are public, and docs/import.md lists them. */
export const importRefusals = {
  'import.line_too_long': 'The line is longer than 16 KiB.',
  'import.not_utf8': 'The line is not UTF-8.',
  'import.not_json': 'The line is not one JSON object, or a member occurs twice in it.',
  'import.member_unknown': 'An import knows no such member.',
  'import.member_missing': 'The line has no `telegramId`.',
  'import.member_invalid': 'The value of `member` has another type, form or length.',
} as const;

type ImportRefusal = keyof typeof importRefusals;

export interface LineResult {
  /** From 1. */
  readonly line: number;
  readonly outcome: 'created' | 'exists' | 'invalid';
  /** For `created` and `exists`; null if a dry run creates no account. */
  readonly userId?: string | null;
  readonly externalId?: string;
  readonly code?: ImportRefusal;
  /** For `import.member_invalid`, and for other codes about one known member. */
  readonly member?: string;
}
