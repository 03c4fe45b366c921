import { defineEvents } from '@countersign/events';

export const custodyEvents = defineEvents({
  journalSealed: 'custody.journal_sealed',
  journalAccepted: 'custody.journal_accepted',
});
