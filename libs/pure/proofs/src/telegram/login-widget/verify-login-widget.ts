import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { accepted, exactId, refused, type Result } from '@countersign/text';
import { isRight, type SignatureTest } from '../../signatures/is-right';
import { hashedFields, checkInitDataHash } from '../init-data/init-data-signatures';
import { assertAgePolicy, readAuthDate, type InitDataAgePolicy } from '../init-data/init-data-date';
import { readLoginWidgetFields, type LoginWidgetInput, type LoginWidgetRefusal } from './login-widget-fields';
import type { InitDataFields } from '../init-data/parse-init-data';
import type { InitDataUser } from '../init-data/read-init-data';
import { present, renamed } from '../shared-refusals';

export interface LoginWidgetPolicy<Key = KeyObject> extends InitDataAgePolicy {
  /** One must match. An empty list accepts nothing. */
  readonly keys: readonly Key[];
}

export type LoginWidgetUser = Omit<InitDataUser, 'languageCode' | 'isPremium' | 'allowsWriteToPm'>;

interface VerifiedLogin {
  /** All hashed fields, ordered by name: they are the same for every form of one login. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** 32 bytes. */
  readonly hash: Uint8Array;
  readonly authDate: Date;
  readonly user: LoginWidgetUser;
}

/** In UTF-16 code units, several times Telegram's limits. */
const TEXT_LIMITS = { first_name: 256, last_name: 256, username: 256, photo_url: 2048 };

/**
 * SHA-256 of the bot's token, unlike the key of its init data. @throws RangeError for an empty token
 * @see https://core.telegram.org/widgets/login-legacy#checking-authorization
 */
export function deriveLoginWidgetKey(botToken: string): KeyObject {
  if (botToken === '') throw new RangeError('a bot token must not be empty');
  return createSecretKey(createHash('sha256').update(botToken).digest());
}

/**
 * Accepts Login Widget or LoginUrl data that is well-formed, authentic, in time, and names a person. `input` cannot
 * make it throw. It is signed for the bot, and names no page.
 * @throws RangeError for a policy that would check nothing, such as an age limit of `NaN`
 */
export function verifyLoginWidget(
  input: LoginWidgetInput,
  policy: LoginWidgetPolicy,
): Result<VerifiedLogin, LoginWidgetRefusal> {
  return checkLoginWidget(input, policy, isRight);
}

/** Like {@link verifyLoginWidget}, but the caller checks the hash. */
export function checkLoginWidget<Key>(
  input: LoginWidgetInput,
  policy: LoginWidgetPolicy<Key>,
  test: SignatureTest<Key>,
): Result<VerifiedLogin, LoginWidgetRefusal> {
  assertAgePolicy(policy);
  const fields = readLoginWidgetFields(input);
  if (!fields.ok) return fields;

  const hash = renamed('login_widget', checkInitDataHash(fields.value, policy.keys, test));
  if (!hash.ok) return hash;
  const authDate = renamed('login_widget', readAuthDate(fields.value.get('auth_date'), policy));
  if (!authDate.ok) return authDate;
  const user = readUser(fields.value);
  if (!user.ok) return user;

  return accepted({
    fields: hashedFields(fields.value),
    hash: hash.value,
    authDate: authDate.value,
    user: user.value,
  });
}

function readUser(fields: InitDataFields): Result<LoginWidgetUser, LoginWidgetRefusal> {
  const source = fields.get('id') ?? '';
  const id = exactId({ source, value: Number(source) });
  if (id === undefined) return refused('login_widget.user_id_invalid');

  const firstName = fields.get('first_name');
  const isTooLong = ([name, limit]: [string, number]) => (fields.get(name)?.length ?? 0) > limit;
  if (firstName === undefined || Object.entries(TEXT_LIMITS).some(isTooLong))
    return refused('login_widget.user_malformed');
  return accepted({
    id,
    firstName,
    ...present({
      lastName: fields.get('last_name') || undefined,
      username: fields.get('username') || undefined,
      photoUrl: fields.get('photo_url') || undefined,
    }),
  });
}
