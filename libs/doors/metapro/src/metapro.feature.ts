import { defineSettings } from '@countersign/applications';
import { defineDoorNames } from '@countersign/sessions';
import type { Declared, NamesOf } from '@countersign/text';
import { MetaproSettings } from './metapro.settings';

/** Names of their own, since sessions of this API have other tokens than those of the native doors. */
const doorNames = defineDoorNames(['metapro-telegram', 'metapro-wallet']);

const settings = defineSettings('metapro', MetaproSettings);

declare module '@countersign/sessions' {
  interface DoorNames extends NamesOf<typeof doorNames> {}
}

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof settings> {}
}
