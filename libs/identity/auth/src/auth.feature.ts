import { type Preset, SettingsGroup, applicationFields } from '@countersign/applications';
import { defineEvents } from '@countersign/audit';
import { defineLoginMethods } from '@countersign/sessions';
import type { Type } from '@nestjs/common';
import { IsBoolean } from 'class-validator';
import { userFields } from '@countersign/users';

const { userId, identityId } = userFields;
const { provider, environment } = applicationFields;

class LoginWidgetSettings {
  /** Every holder of the bot's token can forge such a login, because Telegram itself does not sign it. */
  @IsBoolean()
  accept = false;
}

/** Init data as the credential of each request (`Authorization: tma`), valid for `initDataMaxAge` and at most a day. */
class PerRequestInitDataSettings {
  @IsBoolean()
  accept = false;
}

export const authEvents = defineEvents({
  identityUnlinked: {
    name: 'identity.unlinked',
    meaning: 'An identity left the account: its person unlinked it',
    orderedBy: 'userId',
    fields: { userId, identityId, provider, environment },
  },
  sessionReentered: 'session.reentered',
  sessionReentryRefused: 'session.reentry_refused',
});

export const authMethods = defineLoginMethods({
  telegramInitData: 'telegram-init-data',
  telegramLoginWidget: 'telegram-login-widget',
  telegramOidc: 'telegram-oidc',
  openweb3InitData: 'openweb3-init-data',
});

/** In use with `ThirdPartySignInModule`. */
export const thirdPartyMethods = defineLoginMethods({ initData: 'telegram-third-party-init-data' });

export async function loadThirdPartySignIn(): Promise<Type> {
  return (await import('./telegram/third-party-sign-in.module.js')).ThirdPartySignInModule;
}

export const openweb3Preset: Preset = {
  name: 'openweb3',
  settings: () => ({ perRequestInitData: { accept: true } }),
  lines: [
    'OpenWeb3: people sign in with init data, or send it with each request, here and at the gateway.',
    'With each request, init data counts for at most 24 hours, because an open Mini App gets no newer one.',
    'With a session, people can use all features of the application, export their data and erase their account.',
    'The thief of a launch can read and play as its person for 24 hours, and create teams, but cannot change a team that exists.',
    'A logout does not end this, but the end of all sessions does.',
    'If the thief signs in with the launch before its person does, the session can do everything that needs no step-up.',
    'The thief of a session can read and act as its person until the session ends.',
    'Acts that need a step-up need a new launch, except for the three acts that a sign-in of the last five minutes allows (docs/security.md).',
    'The thief of the bot token can sign in as every person of the bot.',
    'If the person came with OpenWeb3, this thief has the whole account, also if the person added Telegram later.',
    'If the person came with Telegram, this thief can read and play in this application only.',
  ],
};

export const perRequestSettings = new SettingsGroup('perRequestInitData', PerRequestInitDataSettings);
export const loginWidgetSettings = new SettingsGroup('loginWidget', LoginWidgetSettings);
