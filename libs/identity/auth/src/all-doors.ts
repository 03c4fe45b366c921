import type { DoorClass } from './doors/door';
import { TelegramOidcDoor } from './oidc/telegram-oidc.door';
import { RapidpaceLinkDoor, RapidpacePlayerDoor } from './rapidpace/rapidpace.doors';
import { signInDoors } from './sign-in.controller';

/** All doors: those for web pages, those that end in a redirect, and the registration. */
export const doors: readonly DoorClass[] = [
  ...signInDoors,
  RapidpacePlayerDoor,
  RapidpaceLinkDoor,
  TelegramOidcDoor,
];
