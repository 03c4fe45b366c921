import { ArrayUnique, IsArray, IsIn } from 'class-validator';

/** What Telegram asks people for besides, in its own window. */
const extraScopes = ['telegram:bot_access', 'ton:wallet'] as const;
type ExtraScope = (typeof extraScopes)[number];

/** Log In With Telegram. */
export class TelegramOidcSettings {
  /**
   * Scopes besides those of the profile. What Telegram answers to `ton:wallet` carries no proof that can be checked: the
   * claim is not read, so it signs in, links and stores nothing.
   */
  @IsArray()
  @ArrayUnique()
  @IsIn(extraScopes, { each: true })
  scopes: ExtraScope[] = [];
}
