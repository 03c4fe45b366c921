import {
  accepted,
  countGraphemes,
  type FieldError,
  foldConfusables,
  foldLookAlikes,
  hasOneScriptPerWord,
  isLongerThan,
  readText,
  refused,
  type Result,
  type TextBounds,
  type TextRefusal,
} from '@countersign/text';
import { invalidField, requestError, Text, textRefusals } from '@countersign/http';
import { MAX_URL_LENGTH, readHttpsUrl } from '@countersign/account';

const MIN_NAME_LENGTH = 2;
const NAME: TextBounds = { maxGraphemes: 64, maxBytes: 256 };

/** PostgreSQL limits an index entry to 2704 bytes, and compatibility forms (NFKC) can be long. */
const MAX_KEY_BYTES = 1_024;

type Refusal = TextRefusal | 'https_url' | 'too_short' | 'duplicate';
type ReadText = (input: string) => Result<string, Refusal>;

const details: Readonly<Record<Refusal, string>> = {
  ...textRefusals,
  duplicate: 'must not be in the list twice',
  empty: 'must have something to see; null removes what may be removed',
  https_url: `must be an https URL of a public name, without credentials, of at most ${MAX_URL_LENGTH} characters`,
  too_short: `must have ${MIN_NAME_LENGTH} characters or more`,
};

const readers = new Map<string, ReadText>();

function readBy(read: ReadText, documented: PropertyDecorator): PropertyDecorator {
  return (target, property) => {
    documented(target, property);
    readers.set(String(property), read);
  };
}

function TextField(what: string, example: string, bounds: TextBounds): PropertyDecorator {
  const description = `${what}: 1 to ${bounds.maxGraphemes} characters, as people count them.`;
  const documented = Text(description, example, { input: 'required', nullable: true });
  return readBy((text) => readText(text, bounds), documented);
}

function UrlField(what: string, example: string): PropertyDecorator {
  const description = `${what}: an https URL of at most ${MAX_URL_LENGTH} characters.`;
  return readBy(readUrl, Text(description, example, { input: 'required', nullable: true }));
}

/** A field is one property here, one of `TeamEntity` and one column. Requests, answers and documents follow. */
export class TeamFields {
  @readBy(
    readName,
    Text(
      `The name: ${MIN_NAME_LENGTH} to ${NAME.maxGraphemes} characters, as people count them; one script per word. Unique, also among names that look alike.`,
      'Night Owls',
      { input: 'required' },
    ),
  )
  name: string;

  @TextField('The description', 'We play at night.', { maxGraphemes: 1_000, maxBytes: 8_192 })
  description: string | null;

  @UrlField('The logo', 'https://example.com/owl.png')
  logoUrl: string | null;

  @UrlField('The banner', 'https://example.com/night.png')
  bannerUrl: string | null;

  @UrlField('The website', 'https://example.com')
  websiteUrl: string | null;

  @readBy(
    readUrl,
    Text('https URLs: the whole list, of at most 8.', ['https://t.me/night_owls'], {
      input: 'required',
      list: { max: 8 },
    }),
  )
  socialLinks: string[];
}

/** The fields in their normal forms. A name comes with its key, which is equal for names that look alike. */
type Read<Patch> = Patch & (Patch extends { name: string } ? { nameKey: string } : { nameKey?: string });

/** Returns the normal forms of the given fields. */
export function readTeamFields<Patch extends Partial<TeamFields>>(patch: Patch): Read<Patch> {
  const errors: FieldError[] = [];
  const take = (path: string, result: Result<string, Refusal>): string | undefined => {
    if (result.ok) return result.value;
    errors.push({ path, code: result.code, detail: details[result.code] });
    return undefined;
  };
  const takeAll = (name: string, texts: readonly string[], read: ReadText): readonly string[] => {
    const taken: string[] = [];
    for (const [index, text] of texts.entries()) {
      const result = read(text);
      const isTwice = result.ok && taken.includes(result.value);
      const value = take(`${name}.${index}`, isTwice ? refused('duplicate') : result);
      if (value !== undefined) taken.push(value);
    }
    return taken;
  };
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(patch as Readonly<Record<string, unknown>>)) {
    const read = readers.get(name);
    if (read && typeof value === 'string') fields[name] = take(name, read(value));
    else if (read && Array.isArray(value)) fields[name] = takeAll(name, value as readonly string[], read);
    else if (value !== undefined) fields[name] = value;
  }
  if (errors.length > 0) throw requestError('request.invalid', { fields: errors });
  const { name } = fields as Partial<TeamFields>;
  return { ...fields, ...(name === undefined ? {} : { nameKey: foldTeamName(name) }) } as Read<Patch>;
}

/** Returns the names of the fields that differ from the row. The key follows from the name. */
export function changedFields<Row>(row: Row, fields: Partial<Row>): readonly string[] {
  const names = Object.keys(fields) as (keyof Row & string)[];
  return names.filter(
    (name) => name !== 'nameKey' && JSON.stringify(fields[name]) !== JSON.stringify(row[name]),
  );
}

/** Returns the beginning of the keys of names with this beginning. */
export function readNamePrefix(input: string): string {
  const text = readText(input, NAME);
  if (text.ok) return foldTeamName(text.value);
  throw invalidField('name', text.code, details[text.code]);
}

/**
 * Names that look alike have the same key. A prefix of a name gives a prefix of its key, because letters fold one by
 * one. Therefore "m" becomes "rn" and not the other way.
 */
function foldTeamName(name: string): string {
  return foldLookAlikes(foldConfusables(name)).replaceAll('m', 'rn');
}

function readName(input: string): Result<string, Refusal> {
  const text = readText(input, NAME);
  if (!text.ok) return text;
  if (countGraphemes(text.value) < MIN_NAME_LENGTH) return refused('too_short');
  if (!hasOneScriptPerWord(text.value)) return refused('mixed_scripts');
  return isLongerThan(MAX_KEY_BYTES, foldTeamName(text.value)) ? refused('too_long') : text;
}

function readUrl(input: string): Result<string, Refusal> {
  const url = readHttpsUrl(input);
  return url === null ? refused('https_url') : accepted(url);
}
