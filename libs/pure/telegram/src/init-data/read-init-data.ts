import { accepted, refused, type Result } from '@countersign/errors';
import { readAuthDate, type InitDataAgePolicy } from './init-data-date';
import type { InitDataRefusal } from './init-data-refusals';
import { readInitDataUser, type InitDataUser } from './init-data-user';
import type { InitDataFields } from './parse-init-data';
import { present } from '../shared-rules';

/** The content of init data. Empty fields are absent. */
export interface InitData {
  /** When Telegram opened the Mini App; Telegram Desktop repeats it for up to a day. */
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

/**
 * Reads dates and person from fields whose authenticity was checked before.
 *
 * @throws RangeError for a policy that would check nothing, such as an age limit of `NaN`
 */
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
  if (startParam && startParam.length > MAX_START_PARAM_LENGTH) {
    return refused('init_data.start_param_malformed');
  }

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
