import { defineSettings } from '@countersign/applications';
import { defineAuditActions } from '@countersign/audit';
import { defineEventFields, defineEventTypes } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';
import { SendSettings } from './limits/send.settings';

const auditActions = defineAuditActions([
  'wallet.limits_changed',
  'wallet.recipient_removed',
  'wallet.send_confirmed',
  'wallet.send_settled',
]);

const eventFields = defineEventFields({
  sendId: { format: 'uuid', meaning: 'The send of an embedded wallet' },
  freezeCode: {
    format: 'text',
    meaning:
      'Code for a link to the Mini App with `startapp=f_<code>`: when the person opens it, it freezes the wallet, once',
  },
});

const about = {
  version: 1,
  orderedBy: 'userId',
  fields: ['userId', 'applicationId', 'walletId', 'sendId'],
} as const;

const eventTypes = defineEventTypes({
  'wallet.limits_changed': {
    version: 1,
    orderedBy: 'userId',
    fields: ['userId', 'walletId'],
    meaning: 'The limits of what an embedded wallet sends were changed: tell the person',
  },
  'wallet.send_cancelled': {
    ...about,
    meaning: 'A send ended without moving anything: the version that cancels it is final',
  },
  'wallet.send_failed': { ...about, meaning: 'A send ended in a final block, where it was reverted' },
  'wallet.send_final': {
    ...about,
    meaning:
      'A send is final, as two nodes say. Count a payment as made now; on TON only where its outcome is delivered',
  },
  'wallet.send_not_sent': {
    ...about,
    meaning: 'A send moved nothing, and nothing of it can be mined any more',
  },
  'wallet.send_replaced': {
    ...about,
    meaning: 'A send is never done: a transaction that this service did not send used its nonce',
  },
  'wallet.send_waiting': {
    version: 1,
    orderedBy: 'userId',
    fields: ['userId', 'walletId', 'applicationId', 'sendId', 'freezeCode'],
    optional: ['applicationId', 'sendId'],
    meaning:
      'A send from an embedded wallet waits for the delay of a new recipient or for a launch that confirms it. Notify the person, who can cancel it or freeze the wallet. Other first-party applications of the person get it without `applicationId` and `sendId`',
  },
});

const settings = defineSettings('sends', SendSettings);

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
