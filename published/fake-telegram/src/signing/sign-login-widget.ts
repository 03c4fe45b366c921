import { createHash, createHmac } from 'node:crypto';
import { encodeFields, sortedLines, unixSeconds, type FieldList } from './sign-fields';
import type { TelegramUser } from '../telegram-user';

export interface FakeWidgetLogin {
  readonly botToken: string;
  readonly user: TelegramUser;
  readonly authDate: Date;
  /** Further signed fields. A field with a known name replaces that field. */
  readonly extra?: Readonly<Record<string, string | number>>;
}

/** The data that a page's callback receives. `id` and `auth_date` are numbers. */
export type LoginWidgetData = Readonly<Record<string, string | number>>;

/** Shares no code with the verifier, so the two cannot have the same defect. */
export function signLoginWidget({ botToken, user, authDate, extra }: FakeWidgetLogin): LoginWidgetData {
  const { id, first_name, last_name, username, photo_url } = user;
  const wanted = {
    id,
    first_name,
    last_name,
    username,
    photo_url,
    auth_date: unixSeconds(authDate),
    ...extra,
  };
  const isPresent = (field: [string, unknown]): field is [string, string | number] => field[1] !== undefined;
  const data = Object.fromEntries(Object.entries(wanted).filter(isPresent));

  const key = createHash('sha256').update(botToken).digest();
  const hash = createHmac('sha256', key)
    .update(sortedLines(fieldsOf(data)))
    .digest('hex');
  return { ...data, hash };
}

/** Returns the login as the redirect's query, without `?`. */
export function loginWidgetQuery(data: LoginWidgetData): string {
  return encodeFields(fieldsOf(data));
}

/** Returns the login as the value of `#tgAuthResult=`, with escaped slashes and without padding. */
export function tgAuthResultOf(data: LoginWidgetData): string {
  const json = JSON.stringify(data).replaceAll('/', '\\/');
  return Buffer.from(json, 'utf8').toString('base64url');
}

function fieldsOf(data: LoginWidgetData): FieldList {
  return Object.entries(data).map(([name, value]) => [name, value.toString()]);
}
