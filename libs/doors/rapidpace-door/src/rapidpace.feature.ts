import { defineSettings } from '@countersign/applications';
import { defineAuditActions } from '@countersign/audit';
import { defineDoors } from '@countersign/auth';
import { defineDoorNames } from '@countersign/sessions';
import type { Declared, NamesOf } from '@countersign/text';
import { RapidpaceHmacStrategy } from './rapidpace-hmac.strategy';
import { RapidpaceLinkStrategy } from './rapidpace-link.strategy';
import { RapidpaceSettings } from './rapidpace.settings';

defineDoors([RapidpaceHmacStrategy, RapidpaceLinkStrategy]);

const auditActions = defineAuditActions(['rapidpace_secret.added', 'rapidpace_secret.removed']);

const doorNames = defineDoorNames(['rapidpace-link']);

const settings = defineSettings('rapidpace', RapidpaceSettings);

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

declare module '@countersign/sessions' {
  interface DoorNames extends NamesOf<typeof doorNames> {}
}

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof settings> {}
}
