import type { DoorClass } from './doors/door';
import { TelegramOidcDoor } from './oidc/telegram-oidc.door';
import { signInDoors } from './sign-in.controller';

const known: DoorClass[] = [...signInDoors, TelegramOidcDoor];

/** All doors: those for web pages, those that end in a redirect, and those of features. */
export const doors: readonly DoorClass[] = known;

/** Adds the doors of a feature. */
export function defineDoors(added: readonly DoorClass[]): void {
  known.push(...added);
}
