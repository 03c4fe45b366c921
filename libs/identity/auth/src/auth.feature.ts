import { definePresets, defineSettings } from '@countersign/applications';
import { defineActs } from '@countersign/events';
import { defineDoorNames } from '@countersign/sessions';
import type { Declared, NamesOf } from '@countersign/text';
import { IsBoolean } from 'class-validator';

/** The Login Widget and LoginUrl buttons. */
class LoginWidgetSettings {
  /** Every holder of the bot's token can forge such a login; Telegram itself signs none. */
  @IsBoolean()
  accept = false;
}

/** Init data as the credential of every request (`Authorization: tma`), without a session: for `initDataMaxAge`, at most a day. */
class PerRequestInitDataSettings {
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

const presets = definePresets({
  openweb3: {
    settings: () => ({ perRequestInitData: { accept: true } }),
    lines: [
      'OpenWeb3: people sign in by init data, or send it with each request here and at the gateway, for 24 hours: an open Mini App gets no newer one. They use all that the application has in use, export and erase.',
      'A thief of a launch reads and plays as its person for 24 hours, and can create teams, but cannot change a team that exists. A logout does not end that; the end of all sessions does. If the thief signs in with it before its person, the session does all that asks for no step-up, within the settings of the application.',
      'A thief of a session reads and plays until it ends. What a step-up asks for needs a new launch.',
      'A thief of the token of the bot is every person who has OpenWeb3 alone, with the account and all in it. Of people whose account Telegram opened, the thief reads and plays in this application alone; who added Telegram later is as one who has OpenWeb3 alone.',
    ],
  },
});

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
  interface Presets extends NamesOf<typeof presets> {}
  interface SettingsGroups extends Declared<typeof settings> {}
}
