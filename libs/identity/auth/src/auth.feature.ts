import { defineSettings } from '@countersign/applications';
import { defineAuditActions } from '@countersign/audit';
import { defineEventTypes } from '@countersign/events';
import { defineDoorNames } from '@countersign/sessions';
import type { Declared, NamesOf } from '@countersign/text';
import { PerRequestInitDataSettings } from './per-request/per-request-init-data.settings';
import { LoginWidgetSettings } from './telegram/login-widget.settings';

const auditActions = defineAuditActions([
  'session.reentered',
  'session.reentry_refused',
  'identity.unlinked',
]);

const eventTypes = defineEventTypes({
  'identity.unlinked': {
    version: 1,
    meaning: 'An identity left the account: its person unlinked it',
    orderedBy: 'userId',
    fields: ['userId', 'identityId', 'provider', 'environment'],
  },
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

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

declare module '@countersign/events' {
  interface EventTypes extends Declared<typeof eventTypes> {}
}

declare module '@countersign/sessions' {
  interface DoorNames extends NamesOf<typeof doorNames> {}
}

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof settings> {}
}
