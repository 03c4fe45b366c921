import {
  accepted,
  exactId,
  hasControlCharacter,
  hasLoneSurrogate,
  type JsonObject,
  jsonSourceOf,
  readJsonObject,
  refused,
  type Result,
} from '@countersign/text';
import type { InitDataRefusal } from './init-data-refusals';
import { readAuthDate, type InitDataAgePolicy } from './init-data-date';
import type { InitDataFields } from './parse-init-data';
import { present } from '../shared-refusals';

/** Values that the bot left empty or `null` are absent. */
export interface InitDataUser {
  /** Telegram's user id in decimal digits, exactly as signed; at most 2^53 - 1. */
  readonly id: string;
  /** Empty if the bot named none. */
  readonly firstName: string;
  readonly lastName?: string;
  readonly username?: string;
  readonly languageCode?: string;
  readonly photoUrl?: string;
  readonly isPremium?: boolean;
  readonly allowsWriteToPm?: boolean;
}

/** In UTF-16 code units, several times Telegram's limits. */
const TEXTS = [
  { key: 'first_name', property: 'firstName', limit: 256 },
  { key: 'last_name', property: 'lastName', limit: 256 },
  { key: 'username', property: 'username', limit: 256 },
  { key: 'language_code', property: 'languageCode', limit: 64 },
  { key: 'photo_url', property: 'photoUrl', limit: 2048 },
] as const;
const FLAGS = [
  { key: 'is_bot', property: undefined },
  { key: 'is_premium', property: 'isPremium' },
  { key: 'allows_write_to_pm', property: 'allowsWriteToPm' },
] as const;

type Draft = { -readonly [K in keyof InitDataUser]: InitDataUser[K] };

/** The JSON is exactly as signed. Unknown members are ignored. */
export function readInitDataUser(json: string): Result<InitDataUser, InitDataRefusal> {
  const members = readJsonObject(json);
  if (!members) return refused('init_data.user_malformed');

  const id = exactId({ value: members['id'], source: jsonSourceOf(json, 'id') ?? '' });
  if (id === undefined) return refused('init_data.user_id_invalid');
  const user: Draft = { id, firstName: '' };
  const fault = readTexts(members, user) ?? readFlags(members, user);
  return fault ? refused(fault) : accepted(user);
}

function readTexts(members: JsonObject, user: Draft): InitDataRefusal | undefined {
  for (const { key, property, limit } of TEXTS) {
    const text = members[key];
    if (text === undefined || text === null) continue;
    if (typeof text !== 'string' || text.length > limit || hasLoneSurrogate(text))
      return 'init_data.user_malformed';
    if (hasControlCharacter(text)) return 'init_data.control_character';
    if (text !== '') user[property] = text;
  }
  return undefined;
}

function readFlags(members: JsonObject, user: Draft): InitDataRefusal | undefined {
  for (const { key, property } of FLAGS) {
    const flag = members[key];
    if (flag === undefined || flag === null) continue;
    if (typeof flag !== 'boolean') return 'init_data.user_malformed';
    if (property) user[property] = flag;
  }
  return members['is_bot'] === true ? 'init_data.user_is_bot' : undefined;
}

/** Empty fields are absent. */
export interface InitData {
  /** The time at which Telegram opened the Mini App. Telegram Desktop repeats it for up to a day. */
  readonly authDate: Date;
  readonly user: InitDataUser;
  /** Signed by Telegram, but chosen by the author of the link: it authorises nothing. */
  readonly startParam?: string;
  readonly queryId?: string;
  readonly chatInstance?: string;
  readonly chatType?: string;
}

/** In characters (https://docs.telegram-mini-apps.com/platform/start-parameter). */
const MAX_START_PARAM_LENGTH = 512;

/** Reads fields whose authenticity it does not check. */
export function readInitData(
  fields: InitDataFields,
  policy: InitDataAgePolicy,
): Result<InitData, InitDataRefusal> {
  const authDate = readAuthDate(fields.get('auth_date'), policy);
  if (!authDate.ok) return authDate;

  const json = fields.get('user');
  if (!json) return refused('init_data.user_missing');
  const user = readInitDataUser(json);
  if (!user.ok) return user;

  const startParam = nonEmpty(fields, 'start_param');
  if (startParam && startParam.length > MAX_START_PARAM_LENGTH)
    return refused('init_data.start_param_malformed');

  return accepted({
    authDate: authDate.value,
    user: user.value,
    ...present({
      startParam,
      queryId: nonEmpty(fields, 'query_id'),
      chatInstance: nonEmpty(fields, 'chat_instance'),
      chatType: nonEmpty(fields, 'chat_type'),
    }),
  });
}

function nonEmpty(fields: InitDataFields, name: string): string | undefined {
  const value = fields.get(name);
  return value === '' ? undefined : value;
}
