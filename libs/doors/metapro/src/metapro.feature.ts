import { IsBoolean } from 'class-validator';
import { defineSettings } from '@countersign/applications';
import { defineDoorNames } from '@countersign/sessions';
import type { Declared, NamesOf } from '@countersign/text';

/** Names of their own, since sessions of this API have other tokens than those of the native doors. */
const doorNames = defineDoorNames(['metapro-telegram', 'metapro-wallet']);

/** The API of Metapro's clients. */
class MetaproSettings {
  /** Whether its clients may use the application. They read teams, without persons, before they sign in. */
  @IsBoolean()
  enabled = false;

  /**
   * Whether all who read this API see usernames and avatars that people set in it: `update` then gives them the visibility
   * `application` where they were private.
   */
  @IsBoolean()
  showsNames = false;
}

const settings = defineSettings('metapro', MetaproSettings);

declare module '@countersign/sessions' {
  interface DoorNames extends NamesOf<typeof doorNames> {}
}

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof settings> {}
}
