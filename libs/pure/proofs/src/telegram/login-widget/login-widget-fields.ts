import {
  accepted,
  byteLength,
  decodeBase64,
  hasControlCharacter,
  hasLoneSurrogate,
  isLongerThan,
  readJsonBytes,
  refusals,
  refused,
  type Result,
} from '@countersign/text';
import { sharedRefusals, renamed } from '../shared-refusals';
import { parseInitData, type InitDataFields } from '../init-data/parse-init-data';

/** Every rule that Login Widget data can fail. Codes are public contract. */
export const loginWidgetRefusals = {
  ...sharedRefusals('login_widget', {
    subject: 'Login Widget data',
    empty: 'The person declined: show the login button again.',
    expired: 'Too late: show the login button again.',
    mismatch: 'Check that the bot of the button is the one whose token is registered here.',
  }),
  ...refusals('malformed', {
    'login_widget.malformed':
      'Login Widget data is not of the form it is said to have. Send one of: the object of the callback, the query of the redirect without its fragment, the value of tgAuthResult.',
    'login_widget.invalid_field_value': 'A field is neither text nor an exact integer',
  }),
  ...refusals('unauthenticated', {
    'login_widget.user_id_invalid': 'The user id is not an exact positive integer',
    'login_widget.user_malformed': 'The first name is missing or a text is too long',
  }),
};

export type LoginWidgetRefusal = keyof typeof loginWidgetRefusals;

/** The three ways in which a browser gets Login Widget data. LoginUrl buttons use the query. */
export type LoginWidgetInput =
  /** The object of the page's callback, with texts and numbers. */
  | { readonly kind: 'object'; readonly data: unknown }
  /** The query of the redirect, with or without the leading `?`. */
  | { readonly kind: 'query'; readonly query: string }
  /** The value of `#tgAuthResult=`: a JSON object in base64 of either alphabet, padded or not. */
  | { readonly kind: 'tgAuthResult'; readonly tgAuthResult: string };

type Fields = Result<InitDataFields, LoginWidgetRefusal>;

/** In bytes of UTF-8: for texts the whole text, for the object all names and values. */
export const MAX_LOGIN_WIDGET_BYTES = 8192;

const FIELD_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/**
 * Reads all forms into one map, numbers as decimal text. Proves no origin.
 * @see https://core.telegram.org/widgets/login-legacy#receiving-authorization-data
 */
export function readLoginWidgetFields(input: LoginWidgetInput): Fields {
  switch (input.kind) {
    case 'object':
      return readObject(input.data);
    case 'query':
      return readQuery(input.query);
    case 'tgAuthResult':
      return readAuthResult(input.tgAuthResult);
  }
}

function readObject(data: unknown): Fields {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return refused('login_widget.malformed');
  const entries: readonly (readonly [string, unknown])[] = Object.entries(data);
  return readEntries(entries.map(([name, value]) => [name, fieldText(value)]));
}

/** A query has no fragment: a raw `#` would hide its rest from other readers. */
function readQuery(query: string): Fields {
  if (isLongerThan(MAX_LOGIN_WIDGET_BYTES, query)) return refused('login_widget.too_long');
  if (query.includes('#')) return refused('login_widget.malformed');

  return renamed('login_widget', parseInitData(query.replace(/^\?/, '')));
}

function readAuthResult(text: string): Fields {
  if (text === '') return refused('login_widget.empty');
  if (isLongerThan(MAX_LOGIN_WIDGET_BYTES, text)) return refused('login_widget.too_long');
  const bytes = decodeBase64(text);
  const members = bytes && readJsonBytes(bytes);
  if (!members) return refused('login_widget.malformed');

  return readEntries([...members].map(([name, { value, source }]) => [name, fieldText(value, source)]));
}

/** Numbers are JSON integers: Telegram did not sign a rounded number or another spelling. */
function fieldText(value: unknown, source?: string): string | undefined {
  if (typeof value === 'string') return value;
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) return undefined;
  const text = String(value);
  return source === undefined || source === text ? text : undefined;
}

function readEntries(entries: readonly (readonly [name: string, value: string | undefined])[]): Fields {
  const fields = new Map<string, string>();
  let bytes = 0;
  for (const [name, value] of entries) {
    if (!FIELD_NAME.test(name)) return refused('login_widget.invalid_field_name');
    if (value === undefined) return refused('login_widget.invalid_field_value');
    bytes += byteLength(name) + byteLength(value);
    if (bytes > MAX_LOGIN_WIDGET_BYTES) return refused('login_widget.too_long');
    if (hasLoneSurrogate(value)) return refused('login_widget.malformed');
    if (hasControlCharacter(value)) return refused('login_widget.control_character');
    fields.set(name, value);
  }
  return fields.size > 0 ? accepted(fields) : refused('login_widget.empty');
}
