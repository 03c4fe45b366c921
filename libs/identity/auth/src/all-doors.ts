import type { DoorClass } from './doors/door';
import { TelegramOidcDoor } from './oidc/telegram-oidc.door';
import { RapidpaceHmacStrategy } from './rapidpace/rapidpace-hmac.strategy';
import { RapidpaceLinkStrategy } from './rapidpace/rapidpace-link.strategy';
import { signInDoors } from './sign-in.controller';

/** All doors: those for web pages, those that end in a redirect, and the registration. */
export const doors: readonly DoorClass[] = [
  ...signInDoors,
  RapidpaceHmacStrategy,
  RapidpaceLinkStrategy,
  TelegramOidcDoor,
];
