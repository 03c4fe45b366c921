import { accepted, refused, type FieldError, type Result } from '@countersign/errors';
import { invalidField, requestError } from '@countersign/http';
import { MAX_URL_LENGTH, readHttpsUrl } from '@countersign/profiles';
import {
  countGraphemes,
  foldConfusables,
  foldLookAlikes,
  hasOneScriptPerWord,
  isLongerThan,
  readText,
  type TextBounds,
  type TextRefusal,
} from '@countersign/text';
import type { TeamPatch } from './dto/team.request';
import type { ShownColumns } from './store/team.entity';

const MIN_NAME_LENGTH = 2;
const TEAM_NAME: TextBounds = { maxGraphemes: 64, maxBytes: 256 };
const TEAM_DESCRIPTION: TextBounds = { maxGraphemes: 1_000, maxBytes: 8_192 };

/** PostgreSQL limits an index entry to 2704 bytes, and compatibility forms (NFKC) can be long. */
const MAX_KEY_BYTES = 1_024;

type Refusal = TextRefusal | 'https_url' | 'too_short' | 'duplicate';

/** The fields that members change, in their normal forms. */
export type TeamFields = ShownColumns;

const details: Readonly<Record<Refusal, string>> = {
  bidirectional: 'must not have characters that change the direction of text',
  control_character: 'must not have control, invisible or unassigned characters',
  duplicate: 'must not be in the list twice',
  empty: 'must have something to see; null removes what may be removed',
  https_url: `must be an https URL of a public name, without credentials, of at most ${MAX_URL_LENGTH} characters`,
  mixed_scripts: 'must not mix scripts within a word',
  too_long: 'must not be longer',
  too_short: `must have ${MIN_NAME_LENGTH} characters or more`,
};

/**
 * Equal for names that look alike. Letter by letter, so that the form of the beginning of a name begins the form of the
 * name, for searches by prefix: "m" becomes "rn" and not the other way.
 */
function foldTeamName(name: string): string {
  return foldLookAlikes(foldConfusables(name)).replaceAll('m', 'rn');
}

/** The name in its normal form, with its key. */
function readTeamName(input: string): Result<Pick<TeamFields, 'name' | 'nameKey'>, Refusal> {
  const text = readText(input, TEAM_NAME);
  if (!text.ok) return text;
  const name = text.value;
  if (countGraphemes(name) < MIN_NAME_LENGTH) return refused('too_short');
  if (!hasOneScriptPerWord(name)) return refused('mixed_scripts');
  const nameKey = foldTeamName(name);
  return isLongerThan(MAX_KEY_BYTES, nameKey) ? refused('too_long') : accepted({ name, nameKey });
}

/**
 * The fields that a merge patch sets, with normal forms of the values. Fields that it leaves out are left out.
 * @throws AppError request.invalid naming the fields
 */
export function readTeamFields(patch: TeamPatch): Partial<TeamFields> {
  const errors: FieldError[] = [];
  const take = <T>(path: string, result: Result<T, Refusal>): T | undefined => {
    if (result.ok) return result.value;
    errors.push({ path, code: result.code, detail: details[result.code] });
    return undefined;
  };
  const fields: Partial<TeamFields> = {};
  if (patch.name !== undefined) Object.assign(fields, take('name', readTeamName(patch.name)));
  if (patch.description !== undefined)
    fields.description = orNull(patch.description, (text) =>
      take('description', readText(text, TEAM_DESCRIPTION)),
    );
  for (const path of ['logoUrl', 'bannerUrl', 'websiteUrl'] as const)
    if (patch[path] !== undefined) fields[path] = orNull(patch[path], (url) => take(path, readUrl(url)));
  if (patch.socialLinks !== undefined) fields.socialLinks = readLinks(patch.socialLinks ?? [], take);
  if (errors.length > 0) throw requestError('request.invalid', { fields: errors });
  return fields;
}

/** The names of those fields that differ from the row. The key follows from the name. */
export function changedFields<Row>(row: Row, fields: Partial<Row>): readonly string[] {
  const names = Object.keys(fields) as (keyof Row & string)[];
  return names.filter(
    (name) => name !== 'nameKey' && JSON.stringify(fields[name]) !== JSON.stringify(row[name]),
  );
}

/** @throws AppError request.invalid */
export function readNameQuery(input: string): Pick<TeamFields, 'name' | 'nameKey'> {
  const { name = '', nameKey = '' } = readTeamFields({ name: input });
  return { name, nameKey };
}

/**
 * The key that keys of names with this beginning begin with.
 * @throws AppError request.invalid
 */
export function readNamePrefix(input: string): string {
  const text = readText(input, TEAM_NAME);
  if (text.ok) return foldTeamName(text.value);
  throw invalidField('name', text.code, details[text.code]);
}

function readLinks(
  links: readonly string[],
  take: (path: string, result: Result<string, Refusal>) => string | undefined,
): string[] {
  const read: string[] = [];
  for (const [index, link] of links.entries()) {
    const url = readUrl(link);
    const isTwice = url.ok && read.includes(url.value);
    const taken = take(`socialLinks.${index}`, isTwice ? refused('duplicate') : url);
    if (taken !== undefined) read.push(taken);
  }
  return read;
}

function readUrl(input: string): Result<string, Refusal> {
  const url = readHttpsUrl(input);
  return url === null ? refused('https_url') : accepted(url);
}

function orNull(input: string | null, read: (text: string) => string | undefined): string | null {
  return input === null ? null : (read(input) ?? null);
}
