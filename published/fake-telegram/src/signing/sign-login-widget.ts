import { createHash, createHmac } from 'node:crypto';
import { encodeFields, sortedLines, unixSeconds, type FieldList } from './sign-fields';
import type { TelegramUser } from '../telegram-user';

/** A person who logs in with a button on a web page. */
export interface FakeWidgetLogin {
  readonly botToken: string;
  readonly user: TelegramUser;
  readonly authDate: Date;
  /** Further signed fields; one of a known name takes that one's place. */
  readonly extra?: Readonly<Record<string, string | number>>;
}

/** What the widget gives to a page's callback: `id` and `auth_date` are numbers. */
export type LoginWidgetData = Readonly<Record<string, string | number>>;

/** Shares no code with the verifier, so that the two cannot be wrong together. */
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

/** The same login as the redirect's query, without `?`. */
export function loginWidgetQuery(data: LoginWidgetData): string {
  return encodeFields(fieldsOf(data));
}

/** The same login as the value of `#tgAuthResult=`, slashes escaped and without padding. */
export function tgAuthResultOf(data: LoginWidgetData): string {
  const json = JSON.stringify(data).replaceAll('/', '\\/');
  return Buffer.from(json, 'utf8').toString('base64url');
}

function fieldsOf(data: LoginWidgetData): FieldList {
  return Object.entries(data).map(([name, value]) => [name, value.toString()]);
}
