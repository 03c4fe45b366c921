import { defineSettings } from '@countersign/applications';
import { defineActs } from '@countersign/events';
import { defineDoorNames } from '@countersign/sessions';
import type { Declared, NamesOf } from '@countersign/text';
import { PerRequestInitDataSettings } from './per-request/per-request-init-data.settings';
import { LoginWidgetSettings } from './telegram/login-widget.settings';

const acts = defineActs({
  'identity.unlinked': {
    meaning: 'An identity left the account: its person unlinked it',
    orderedBy: 'userId',
    fields: ['userId', 'identityId', 'provider', 'environment'],
  },
  'session.reentered': null,
  'session.reentry_refused': null,
});

const doorNames = defineDoorNames([
  'telegram-init-data',
  'telegram-third-party-init-data',
  'telegram-login-widget',
  'telegram-oidc',
  'openweb3-init-data',
]);

const settings = {
  ...defineSettings('perRequestInitData', PerRequestInitDataSettings),
  ...defineSettings('loginWidget', LoginWidgetSettings),
};

declare module '@countersign/events' {
  interface Acts extends Declared<typeof acts> {}
}

declare module '@countersign/sessions' {
  interface DoorNames extends NamesOf<typeof doorNames> {}
}

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof settings> {}
}
