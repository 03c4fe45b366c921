import { defineEvents, commonFields } from '@countersign/audit';
import { userFields } from '@countersign/users';
import { walletFields } from '@countersign/linked-wallets';

const sendId = { format: 'uuid', meaning: 'The send of an embedded wallet' } as const;

const { userId } = userFields;
const { applicationId } = commonFields;
const { walletId } = walletFields;

const about = {
  isAudited: false,
  orderedBy: 'userId',
  fields: { userId, applicationId, walletId, sendId },
} as const;

export const sendEvents = defineEvents({
  cancelled: {
    name: 'wallet.send_cancelled',
    ...about,
    meaning: 'A send ended without moving anything: the version that cancels it is final',
  },
  failed: {
    name: 'wallet.send_failed',
    ...about,
    meaning: 'A send ended in a final block, where it was reverted',
  },
  final: {
    name: 'wallet.send_final',
    ...about,
    meaning:
      'A send is final, as two nodes say. Count a payment as made now; on TON only where its outcome is delivered',
  },
  notSent: {
    name: 'wallet.send_not_sent',
    ...about,
    meaning: 'A send moved nothing, and nothing of it can be mined any more',
  },
  replaced: {
    name: 'wallet.send_replaced',
    ...about,
    meaning: 'A send is never done: a transaction that this service did not send used its nonce',
  },
});
