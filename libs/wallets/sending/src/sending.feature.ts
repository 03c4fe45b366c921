import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({
  sendId: { format: 'uuid', meaning: 'The send of an embedded wallet' },
});

const about = {
  isAudited: false,
  orderedBy: 'userId',
  fields: ['userId', 'applicationId', 'walletId', 'sendId'],
} as const;

const acts = defineActs({
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
});

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}
