import { defineSettings } from '@countersign/applications';
import { defineAuditActions } from '@countersign/audit';
import { defineEventTypes } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';
import { EmbeddedWalletSettings } from './embedded-wallets.settings';

const auditActions = defineAuditActions([
  'wallet.act_allowed',
  'wallet.brake_applied',
  'wallet.brake_released',
  'wallet.frozen',
  'wallet.granted',
  'wallet.ungranted',
  'wallet.unfrozen',
]);

const about = { version: 1, orderedBy: 'userId', fields: ['userId', 'walletId'] } as const;

const eventTypes = defineEventTypes({
  'wallet.exported': {
    ...about,
    meaning:
      'The words of an embedded wallet were shown: who has them can use it without this service. Tell the person',
  },
  'wallet.frozen': { ...about, meaning: 'An embedded wallet does nothing, by its person or an operator' },
  'wallet.used_elsewhere': {
    ...about,
    meaning:
      'A chain has a transaction of an embedded wallet that this service did not send: who has its words or key sent it, or the application itself one that was only signed',
  },
  'wallet.unfrozen': { ...about, meaning: 'An embedded wallet is no longer frozen' },
});

const settings = defineSettings('embeddedWallets', EmbeddedWalletSettings);

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof settings> {}
}

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

declare module '@countersign/events' {
  interface EventTypes extends Declared<typeof eventTypes> {}
}
