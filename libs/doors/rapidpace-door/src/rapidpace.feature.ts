import { defineActs } from '@countersign/events';
import { defineSettings } from '@countersign/applications';
import { defineDoors } from '@countersign/auth';
import { defineDoorNames } from '@countersign/sessions';
import type { Declared, NamesOf } from '@countersign/text';
import { RapidpaceHmacStrategy } from './rapidpace-hmac.strategy';
import { RapidpaceLinkStrategy } from './rapidpace-link.strategy';
import { RapidpaceSettings } from './rapidpace.settings';

defineDoors([RapidpaceHmacStrategy, RapidpaceLinkStrategy]);

const acts = defineActs({
  'rapidpace_secret.added': null,
  'rapidpace_secret.removed': null,
});

const doorNames = defineDoorNames(['rapidpace-link']);

const settings = defineSettings('rapidpace', RapidpaceSettings);

declare module '@countersign/sessions' {
  interface DoorNames extends NamesOf<typeof doorNames> {}
}

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof settings> {}
}

declare module '@countersign/events' {
  interface Acts extends Declared<typeof acts> {}
}
