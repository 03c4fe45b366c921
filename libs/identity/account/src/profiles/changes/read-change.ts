import { isEmail } from 'class-validator';
import {
  accepted,
  type AppError,
  type FieldError,
  hasOneScriptPerWord,
  isPublicName,
  parseUrl,
  readText,
  refused,
  type Result,
  type TextBounds,
  type TextRefusal,
} from '@countersign/text';
import { requestError, textRefusals } from '@countersign/http';
import { normalizePhoneNumber } from '@countersign/proofs';
import type { ProfilePatch, SocialLinkPatch } from '../dto/profile.patch';
import { ownFields, type OwnField, type SocialLink, type Visibility } from '../fields/own-field';
import type { ReservedNames } from '../fields/reserved-names';
import { USERNAME, USERNAME_RULE } from '../fields/username';
import type { ProfileChange } from '../profile';

export const MAX_URL_LENGTH = 1_024;
const MAX_EMAIL_LENGTH = 254;
/** The limit for the JSON text in UTF-8. */
const MAX_PREFERENCES_BYTES = 4_096;
/** The limit for nested objects and lists, including the outermost. */
const MAX_PREFERENCES_DEPTH = 5;

const DISPLAY_NAME: TextBounds = { maxGraphemes: 64, maxBytes: 512 };
const BIOGRAPHY: TextBounds = { maxGraphemes: 280, maxBytes: 2_048 };
const LINK_LABEL: TextBounds = { maxGraphemes: 32, maxBytes: 256 };

type Refusal = TextRefusal | 'email' | 'https_url' | 'max_depth' | 'phone' | 'reserved' | 'username';

const details: Readonly<Record<Refusal, string>> = {
  ...textRefusals,
  email: `must be an e-mail address of at most ${MAX_EMAIL_LENGTH} characters`,
  empty: 'must have something to see; null removes it',
  https_url: `must be an https URL of a public name, without credentials, of at most ${MAX_URL_LENGTH} characters; of a picture also an ipfs URL`,
  max_depth: `must not be nested deeper than ${MAX_PREFERENCES_DEPTH} levels`,
  phone: 'must be a phone number in E.164, such as +4930123456',
  reserved: 'must not be a name that people would take for the operator or the platform',
  username: USERNAME_RULE,
};

const lengths: Readonly<Record<string, string>> = {
  displayName: lengthOf(DISPLAY_NAME),
  biography: lengthOf(BIOGRAPHY),
  links: `Labels: ${lengthOf(LINK_LABEL)}`,
  preferences: `must not have more than ${MAX_PREFERENCES_BYTES} bytes as JSON`,
};

function lengthOf({ maxGraphemes, maxBytes }: TextBounds): string {
  return `must not have more than ${maxGraphemes} characters or ${maxBytes} bytes`;
}

export function invalidField(path: string, code: Refusal): AppError {
  return requestError('request.invalid', { fields: [fieldErrorOf(path, code)] });
}

function fieldErrorOf(path: string, code: Refusal): FieldError {
  const root = path.split(/[.[]/, 1)[0] ?? path;
  return { path, code, detail: code === 'too_long' ? (lengths[root] ?? details[code]) : details[code] };
}

const readers: Readonly<Record<Exclude<OwnField, 'links'>, (input: string) => Result<string, Refusal>>> = {
  displayName: (input) => {
    const text = readText(input, DISPLAY_NAME);
    if (!text.ok) return text;
    return hasOneScriptPerWord(text.value) ? text : refused('mixed_scripts');
  },
  username: (input) => (USERNAME.test(input) ? accepted(input) : refused('username')),
  avatarUrl: (input) => orRefused(readPictureUrl(input), 'https_url'),
  bannerUrl: (input) => orRefused(readPictureUrl(input), 'https_url'),
  biography: (input) => readText(input, BIOGRAPHY),
  email: (input) => orRefused(readEmail(input), 'email'),
  phone: (input) => orRefused(input.startsWith('+') ? normalizePhoneNumber(input) : null, 'phone'),
};

function orRefused(value: string | null, code: Refusal): Result<string, Refusal> {
  return value === null ? refused(code) : accepted(value);
}

export function readChange(
  patch: ProfilePatch,
  reservedNames: Pick<ReservedNames, 'hasAlike'>,
): ProfileChange {
  const values = new Map<OwnField, string | null>();
  const errors: FieldError[] = [];
  for (const field of ownFields) {
    const input = patch[field];
    if (input === undefined) continue;
    if (input === null) values.set(field, null);
    else if (field === 'links') values.set(field, readLinks(patch.links ?? [], errors));
    else {
      const value = readers[field](input as string);
      if (!value.ok) errors.push(fieldErrorOf(field, value.code));
      else if (field === 'displayName' && reservedNames.hasAlike(value.value))
        errors.push(fieldErrorOf(field, 'reserved'));
      else values.set(field, value.value);
    }
  }
  if (errors.length > 0) throw requestError('request.invalid', { fields: errors });
  return { values, visibilities: visibilitiesOf(patch), preferences: patch.preferences };
}

/** Returns JSON, or `null` for an empty list. */
function readLinks(links: readonly SocialLinkPatch[], errors: FieldError[]): string | null {
  const read = links.map(({ label, url }, index): SocialLink => {
    const href = readHttpsUrl(url);
    if (href === null) errors.push(fieldErrorOf(`links.${index}.url`, 'https_url'));
    const text = label === undefined ? undefined : readText(label, LINK_LABEL);
    if (text && !text.ok) errors.push(fieldErrorOf(`links.${index}.label`, text.code));
    return { ...(text?.ok ? { label: text.value } : {}), url: href ?? '' };
  });
  return read.length === 0 ? null : JSON.stringify(read);
}

function visibilitiesOf({ visibility }: ProfilePatch): ReadonlyMap<OwnField, Visibility | null> {
  if (visibility === undefined) return new Map();
  if (visibility === null) return new Map(ownFields.map((field) => [field, null]));
  return new Map(
    ownFields.flatMap((field) => {
      const wanted = visibility[field];
      return wanted === undefined ? [] : [[field, wanted] as const];
    }),
  );
}

/**
 * Returns the normal form of an https URL, or `null` for other text. URLs with credentials are refused because profiles
 * show them. Hosts without a public name are refused because a page that shows a picture would call them.
 */
export function readHttpsUrl(input: string): string | null {
  if (input.length > MAX_URL_LENGTH || !/^https:\/\/[^\s\\]+$/i.test(input)) return null;
  const url = parseUrl(input);
  if (!url) return null;
  const isShown = url.username === '' && url.password === '' && isPublicName(url.hostname);
  return isShown && url.href.length <= MAX_URL_LENGTH ? url.href : null;
}

function readPictureUrl(input: string): string | null {
  const isIpfs = input.length <= MAX_URL_LENGTH && /^ipfs:\/\/[\w-]+(?:\/[\w.~%-]+)*$/.test(input);
  return isIpfs ? input : readHttpsUrl(input);
}

function readEmail(input: string): string | null {
  const address = input.normalize('NFC');
  // A quoted local part can have any character, and few programs read it correctly.
  if (address.length > MAX_EMAIL_LENGTH || /["\p{C}\p{Default_Ignorable_Code_Point}]/u.test(address))
    return null;
  if (!isEmail(address)) return null;
  const at = address.lastIndexOf('@');
  return address.slice(0, at) + address.slice(at).toLowerCase();
}

export function readPreferences(value: object): Result<string, 'max_depth' | 'too_long'> {
  if (depthOf(value) > MAX_PREFERENCES_DEPTH) return refused('max_depth');
  const text = JSON.stringify(value);
  return Buffer.byteLength(text) > MAX_PREFERENCES_BYTES ? refused('too_long') : accepted(text);
}

/** The parser limits bodies to 32 levels, which bounds the recursion. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
