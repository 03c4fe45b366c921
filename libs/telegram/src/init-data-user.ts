import { accepted, refused, type Result } from '@countersign/errors';
import type { InitDataRefusal } from './init-data-refusals';
import {
  exactId,
  hasControlCharacter,
  hasLoneSurrogate,
  readJsonMembers,
  type JsonMembers,
} from '@countersign/text';
import { present } from './present';

/** The person of a proof. What Telegram leaves empty is absent. */
export interface InitDataUser {
  /** Telegram's user id in decimal digits, exactly as signed; at most 2^53 - 1. */
  readonly id: string;
  /** May be empty. */
  readonly firstName: string;
  readonly lastName?: string;
  readonly username?: string;
  readonly languageCode?: string;
  readonly photoUrl?: string;
  readonly isPremium?: boolean;
  readonly allowsWriteToPm?: boolean;
}

/** In UTF-16 code units, several times what Telegram allows. */
const TEXT_LIMITS = { first_name: 256, last_name: 256, username: 256, language_code: 64, photo_url: 2048 };
const FLAGS = ['is_bot', 'is_premium', 'allows_write_to_pm'] as const;

/** Reads the `user` field: JSON exactly as Telegram wrote it. Unknown members are left out. */
export function readInitDataUser(json: string): Result<InitDataUser, InitDataRefusal> {
  const members = readJsonMembers(json);
  if (!members?.has('first_name')) return refused('init_data.user_malformed');

  const id = exactId(members.get('id'));
  if (id === undefined) return refused('init_data.user_id_invalid');
  const fault = findFault(members);
  if (fault) return refused(fault);
  if (flag(members, 'is_bot')) return refused('init_data.user_is_bot');

  return accepted({
    id,
    firstName: text(members, 'first_name') ?? '',
    ...present({
      lastName: text(members, 'last_name'),
      username: text(members, 'username'),
      languageCode: text(members, 'language_code'),
      photoUrl: text(members, 'photo_url'),
      isPremium: flag(members, 'is_premium'),
      allowsWriteToPm: flag(members, 'allows_write_to_pm'),
    }),
  });
}

function findFault(members: JsonMembers): InitDataRefusal | undefined {
  for (const [key, limit] of Object.entries(TEXT_LIMITS)) {
    const value = members.has(key) ? members.get(key)?.value : '';
    if (typeof value !== 'string' || value.length > limit || hasLoneSurrogate(value)) {
      return 'init_data.user_malformed';
    }
    if (hasControlCharacter(value)) return 'init_data.control_character';
  }
  const isFlag = (key: string) => !members.has(key) || typeof members.get(key)?.value === 'boolean';
  return FLAGS.every(isFlag) ? undefined : 'init_data.user_malformed';
}

function text(members: JsonMembers, key: keyof typeof TEXT_LIMITS): string | undefined {
  const value = members.get(key)?.value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function flag(members: JsonMembers, key: (typeof FLAGS)[number]): boolean | undefined {
  const value = members.get(key)?.value;
  return typeof value === 'boolean' ? value : undefined;
}
