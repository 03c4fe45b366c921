import { randomInt } from 'node:crypto';

/** A user as Telegram writes it (https://core.telegram.org/bots/webapps#webappuser). */
export interface TelegramUser {
  id: number;
  first_name: string;
  last_name?: string;
  username?: string;
  language_code?: string;
  is_bot?: boolean;
  is_premium?: boolean;
  allows_write_to_pm?: boolean;
  photo_url?: string;
}

const SMALLEST_ID = 1_000_000_000;
/** Telegram promises at most 52 significant bits. `randomInt` needs a range below 48 bits. */
const ID_RANGE = 2 ** 47;

/** Creates a person. Ids are random, so that test files and processes need no coordination. */
export function aTelegramUser(overrides: Partial<TelegramUser> = {}): TelegramUser {
  const id = overrides.id ?? SMALLEST_ID + randomInt(ID_RANGE);
  return {
    id,
    first_name: 'Ada',
    last_name: 'Lovelace',
    username: `ada_${id.toString()}`,
    language_code: 'en',
    allows_write_to_pm: true,
    photo_url: `https://t.me/i/userpic/320/${id.toString()}.svg`,
    ...overrides,
  };
}
