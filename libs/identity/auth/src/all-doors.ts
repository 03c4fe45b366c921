import type { DoorClass } from './doors/door';
import type { BodyDoorClass } from './doors/proof-in-body';
import { RedirectCodeStrategy } from './exchange/redirect-code.strategy';
import { TelegramOidcDoor } from './oidc/telegram-oidc.door';
import {
  OpenWeb3InitDataStrategy,
  TelegramInitDataStrategy,
  ThirdPartyInitDataStrategy,
} from './telegram/init-data.strategies';
import { LoginWidgetStrategy } from './telegram/login-widget.strategy';

/** Those of login alone that read a JSON body. */
export const ownDoors = [
  TelegramInitDataStrategy,
  ThirdPartyInitDataStrategy,
  LoginWidgetStrategy,
  OpenWeb3InitDataStrategy,
  RedirectCodeStrategy,
] as const;

const known: DoorClass[] = [...ownDoors, TelegramOidcDoor];

/** All doors: those for web pages, those that end in a redirect, and those of features. */
export const doors: readonly DoorClass[] = known;

export function defineDoors(added: readonly DoorClass[]): void {
  known.push(...added);
}

/** The doors that a page opens by itself, with a JSON body. Linking, step-up, merging and documents use this list. */
export function signInDoors(): readonly BodyDoorClass[] {
  return known.filter((door): door is BodyDoorClass => 'body' in door.declaration);
}
