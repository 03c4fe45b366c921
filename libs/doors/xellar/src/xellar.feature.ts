import { IsBoolean } from 'class-validator';
import { defineSettings } from '@countersign/applications';
import { defineDoorNames } from '@countersign/sessions';
import type { Declared, NamesOf } from '@countersign/text';

/** Names of their own, since sessions of this API have other tokens than those of the native doors. */
export const xellarDoors = defineDoorNames(['xellar-mini-app', 'xellar-login-widget']);

/** The API of Xellar's clients. */
class XellarSettings {
  /** Whether its clients may use the application. */
  @IsBoolean()
  enabled = false;
}

const settings = defineSettings('xellar', XellarSettings);

declare module '@countersign/sessions' {
  interface DoorNames extends NamesOf<typeof xellarDoors> {}
}

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof settings> {}
}
