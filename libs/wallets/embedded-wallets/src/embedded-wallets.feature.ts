import { defineSettings } from '@countersign/applications';
import { defineAuditActions } from '@countersign/audit';
import { defineEventFields, defineEventTypes } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';
import { EmbeddedWalletSettings } from './embedded-wallets.settings';

const auditActions = defineAuditActions([
  'wallet.act_allowed',
  'wallet.brake_applied',
  'wallet.brake_released',
  'wallet.frozen',
  'wallet.granted',
  'wallet.recovered',
  'wallet.recovery_accepted',
  'wallet.recovery_refused',
  'wallet.recovery_requested',
  'wallet.recovery_secret_made',
  'wallet.recovery_secret_removed',
  'wallet.settled',
  'wallet.ungranted',
  'wallet.unfrozen',
]);

const eventFields = defineEventFields({
  recoveryId: { format: 'uuid', meaning: 'The recovery of the wallets of an account' },
  readyAt: { format: 'text', meaning: 'From when on it can be completed, ISO 8601' },
});

const about = { version: 1, orderedBy: 'userId', fields: ['userId', 'walletId'] } as const;

const eventTypes = defineEventTypes({
  'wallet.exported': {
    ...about,
    meaning:
      'The words of an embedded wallet were shown: who has them can use it without this service. Tell the person',
  },
  'wallet.frozen': { ...about, meaning: 'An embedded wallet does nothing, by its person or an operator' },
  'wallet.left': {
    ...about,
    meaning: 'Another account recovered an embedded wallet of this one, which does not have it any more',
  },
  'wallet.recovered': {
    ...about,
    meaning: 'This account recovered an embedded wallet of another one, and has it now',
  },
  'wallet.recovery_requested': {
    ...about,
    fields: ['userId', 'recoveryId', 'readyAt'],
    meaning:
      'Another account asks for the embedded wallets of this one, with its recovery secret: tell the person, who can refuse',
  },
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
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface EventTypes extends Declared<typeof eventTypes> {}
}
