import { defineSettings } from '@countersign/applications';
import { defineActs } from '@countersign/events';
import { defineDoorNames } from '@countersign/sessions';
import type { Declared, NamesOf } from '@countersign/text';
import { IsBoolean } from 'class-validator';

/** The Login Widget and LoginUrl buttons. */
export class LoginWidgetSettings {
  /** Every holder of the bot's token can forge such a login; Telegram itself signs none. */
  @IsBoolean()
  accept = false;
}

/** Init data as the credential of every request (`Authorization: tma`), without a session: for `initDataMaxAge`, at most a day. */
export class PerRequestInitDataSettings {
  @IsBoolean()
  accept = false;
}

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
