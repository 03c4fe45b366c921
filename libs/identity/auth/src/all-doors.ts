import { DefinitionsInUse } from '@countersign/runtime';
import type { DoorClass } from './doors/door';
import type { BodyDoorClass } from './doors/proof-in-body';
import { RedirectCodeDoor } from './exchange/redirect-code.door';
import { TelegramOidcDoor } from './oidc/telegram-oidc.door';
import {
  OpenWeb3InitDataDoor,
  TelegramInitDataDoor,
  ThirdPartyInitDataDoor,
} from './telegram/init-data.doors';
import { LoginWidgetDoor } from './telegram/login-widget.door';

/** The JSON doors of this library; features add others. */
export const ownDoors = [
  TelegramInitDataDoor,
  ThirdPartyInitDataDoor,
  LoginWidgetDoor,
  OpenWeb3InitDataDoor,
  RedirectCodeDoor,
] as const;

export const authDoors: readonly DoorClass[] = [...ownDoors, TelegramOidcDoor];

export const doorsInUse = new DefinitionsInUse<DoorClass>('door', /^[A-Z][A-Za-z0-9]+Door$/);

/** The doors that a page opens by itself, with a JSON body. Linking, step-up, merging and documents use this list. */
export function signInDoors(): readonly BodyDoorClass[] {
  return doorsInUse.all.filter((door): door is BodyDoorClass => 'body' in door.declaration);
}
